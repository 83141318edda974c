import type { TrixEditorElement } from "trix/dist/trix.esm.js";
import { isCode, lineBefore } from "./line";
import { normalizeLinkUrl } from "./link-url";
import { markdownToHtml } from "./markdown-paste";
import { parseHtml } from "./markup";
import { sanitizePaste } from "./sanitize-paste";

/** Longer text is pasted without formatting: parsing it would block the page. */
const maxFormattedLength = 20_000;

/** Handles a paste instead of Trix: sanitizes HTML, formats Markdown, rejects files. */
export function paste(element: TrixEditorElement, event: ClipboardEvent, refuse: () => void) {
  const data = event.clipboardData;
  if (!data || event.target instanceof HTMLInputElement) return;
  const text = data.getData("text/plain").replaceAll(/\r\n?/g, "\n");
  const html = data.getData("text/html");
  const handle = () => {
    event.preventDefault();
    event.stopPropagation();
  };
  const fromHere = data.types.includes("application/x-trix-document");
  const rich = html && !fromHere ? sanitizePaste(html) : "";
  const isEmpty = text === "" && (parseHtml(rich).textContent ?? "").trim() === "";

  if (data.files.length > 0 && isEmpty) {
    handle();
    refuse();
  } else if (isInCode(element)) {
    handle();
    insertText(element, text);
  } else if (isAddress(text) && hasSelection(element)) {
    handle();
    element.editor.recordUndoEntry("Link");
    element.editor.activateAttribute("href", text.trim());
  } else if (rich && !isEmpty) {
    handle();
    element.editor.recordUndoEntry("Paste");
    element.editor.insertHTML(rich);
  } else if (!fromHere && text !== "") {
    handle();
    insertFormatted(element, text);
  }
}

function insertText({ editor }: TrixEditorElement, text: string) {
  editor.recordUndoEntry("Paste");
  editor.insertString(text);
}

/** Two steps, so that one undo restores the plain pasted text. */
function insertFormatted(element: TrixEditorElement, text: string) {
  const { editor } = element;
  const [start] = editor.getSelectedRange();
  insertText(element, text);
  const formatted = text.length > maxFormattedLength ? null : markdownToHtml(text);
  if (!formatted) return;
  editor.recordUndoEntry("Formatting");
  editor.setSelectedRange([start, start + text.length]);
  editor.insertHTML(formatted);
}

function isInCode({ editor }: TrixEditorElement): boolean {
  const line = lineBefore(editor);
  return line !== null && (isCode(line) || editor.attributeIsActive("inlineCode"));
}

function hasSelection({ editor }: TrixEditorElement): boolean {
  const [start, end] = editor.getSelectedRange();
  return start !== end;
}

function isAddress(text: string): boolean {
  return /^https?:\/\//i.test(text.trim()) && normalizeLinkUrl(text) !== null;
}

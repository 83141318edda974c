import type { TrixEditorElement } from "trix/dist/trix.esm.js";
import { isCode, lineBefore } from "./line";
import { normalizeLinkUrl } from "./link-url";
import { formattedText } from "./markdown-paste";
import { parse } from "./markup";
import { sanitizePaste } from "./sanitize-paste";

/** Longer text is pasted as it is: looking for habits in it would be felt. */
const maxFormattedLength = 20_000;

/** Takes over a paste where the editor would do otherwise: formatting is reduced, habits apply, files are refused. */
export function paste(element: TrixEditorElement, event: ClipboardEvent, refuse: () => void) {
  const data = event.clipboardData;
  if (!data || event.target instanceof HTMLInputElement) return;
  const text = data.getData("text/plain").replaceAll(/\r\n?/g, "\n");
  const html = data.getData("text/html");
  const take = () => {
    event.preventDefault();
    event.stopPropagation();
  };
  const fromHere = data.types.includes("application/x-trix-document");
  const rich = html && !fromHere ? sanitizePaste(html) : "";
  const isEmpty = text === "" && (parse(rich).textContent ?? "").trim() === "";

  if (data.files.length > 0 && isEmpty) {
    take();
    refuse();
  } else if (standsInCode(element)) {
    take();
    insertText(element, text);
  } else if (isAddress(text) && hasSelection(element)) {
    take();
    element.editor.recordUndoEntry("Link");
    element.editor.activateAttribute("href", text.trim());
  } else if (rich && !isEmpty) {
    take();
    element.editor.recordUndoEntry("Paste");
    element.editor.insertHTML(rich);
  } else if (!fromHere && text !== "") {
    take();
    insertFormatted(element, text);
  }
}

function insertText({ editor }: TrixEditorElement, text: string) {
  editor.recordUndoEntry("Paste");
  editor.insertString(text);
}

/** In two steps, so that undoing once leaves what was really pasted. */
function insertFormatted(element: TrixEditorElement, text: string) {
  const { editor } = element;
  const [start] = editor.getSelectedRange();
  insertText(element, text);
  const formatted = text.length > maxFormattedLength ? null : formattedText(text);
  if (!formatted) return;
  editor.recordUndoEntry("Formatting");
  editor.setSelectedRange([start, start + text.length]);
  editor.insertHTML(formatted);
}

function standsInCode({ editor }: TrixEditorElement): boolean {
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

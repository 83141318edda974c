import type { Editor, TrixEditorElement } from "trix/dist/trix.esm.js";
import { htmlOf, trimmed } from "./markup";
import { loadedTrix } from "./trix";

/** What is written, without empty lines around it. */
export function contentOf(element: TrixEditorElement): string {
  return trimmed(element.value);
}

/** The same, including what was typed since the last frame. Not while an input method composes. */
export function contentNow(element: TrixEditorElement): string {
  element.editorController.render();
  return contentOf(element);
}

/** Fills a new editor with formatted content, and what was typed in plain before it was there. */
export function fill({ editor }: TrixEditorElement, html: string, typed: string | null) {
  editor.loadHTML(typed === null ? html : htmlOf(typed));
}

export function cursorToEnd(editor: Editor) {
  const end = editor.getDocument().getLength() - 1;
  editor.setSelectedRange([end, end]);
}

/** Starts over with other content. */
export function load(element: TrixEditorElement, html: string) {
  element.editor.loadHTML(html);
  // Setting the cursor would take the focus, which on a touch screen opens the keyboard.
  if (document.activeElement === element) cursorToEnd(element.editor);
}

/** Puts other content in place, the cursor at its end, as a step that undo takes back. */
export function replaceContent(element: TrixEditorElement, html: string) {
  const document = loadedTrix().models.HTMLParser.parse(html).getDocument();
  const end = document.getLength() - 1;
  element.editor.recordUndoEntry("Replace");
  element.focus();
  element.editor.composition.loadSnapshot({ document, selectedRange: [end, end] });
}

import type { Editor, TrixEditorElement } from "trix/dist/trix.esm.js";
import { textToHtml, trimHtml } from "./markup";
import { loadedTrix } from "./trix";

/** The content without empty lines around it. */
export function contentOf(element: TrixEditorElement): string {
  return trimHtml(element.value);
}

/**
 * The same, including what was typed since the last frame. Must not be called during IME
 * composition.
 */
export function contentNow(element: TrixEditorElement): string {
  element.editorController.render();
  return contentOf(element);
}

/** Fills a new editor with the initial HTML, or with what was typed into the plain field before. */
export function fill({ editor }: TrixEditorElement, html: string, typed: string | null) {
  editor.loadHTML(typed === null ? html : textToHtml(typed));
}

export function cursorToEnd(editor: Editor) {
  const end = editor.getDocument().getLength() - 1;
  editor.setSelectedRange([end, end]);
}

/** Replaces the content and resets the history. */
export function load(element: TrixEditorElement, html: string) {
  element.editor.loadHTML(html);
  // Setting the cursor would take the focus, and open the on-screen keyboard.
  if (document.activeElement === element) cursorToEnd(element.editor);
}

/** Replaces the content as an undoable step, with the cursor at the end. */
export function replaceContent(element: TrixEditorElement, html: string) {
  const document = loadedTrix().models.HTMLParser.parse(html).getDocument();
  const end = document.getLength() - 1;
  element.editor.recordUndoEntry("Replace");
  element.focus();
  element.editor.composition.loadSnapshot({ document, selectedRange: [end, end] });
}

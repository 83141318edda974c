import type { Editor } from "trix/dist/trix.esm.js";
import { isCode, type Line, lineBefore } from "./line";
import {
  type BlockPrefix,
  blockPrefixAt,
  type InlineMark,
  inlineMarkAt,
  isFence,
} from "./markdown";

/** What the last character of the line completed: an inline mark or a block format. */
export function autoformatAt(line: Line): InlineMark | BlockPrefix | null {
  if (isCode(line)) return null;
  const prefix = blockPrefixAt(line.text);
  return inlineMarkAt(line.text) ?? (prefix && canApply(line, prefix) ? prefix : null);
}

/** Applies the formatting for what was just typed, as one undoable step. Returns whether it did. */
export function applyAutoformat(editor: Editor): boolean {
  const line = lineBefore(editor);
  const completed = line && autoformatAt(line);
  if (!line || !completed) return false;
  if ("from" in completed) applyMark(editor, line, completed);
  else applyBlockPrefix(editor, line, completed);
  return true;
}

/** Turns a line of three backticks into a code block. Returns whether it did. */
export function applyCodeFence(editor: Editor): boolean {
  const line = lineBefore(editor);
  if (!line || line.formats.length > 0 || !isFence(line.text)) return false;
  applyBlockPrefix(editor, line, { format: "code", width: line.text.length });
  return true;
}

/** Headings contain no other blocks, and lists are not nested this way. */
function canApply({ formats }: Line, { format }: BlockPrefix): boolean {
  if (formats.some((name) => name === "heading1" || name === "cite")) return false;
  const isList = formats.includes("bullet") || formats.includes("number");
  return !formats.includes(format) && !isList;
}

function applyMark(editor: Editor, line: Line, { format, width, from, to }: InlineMark) {
  editor.recordUndoEntry("Formatting");
  const start = line.start + from;
  const end = line.start + to - 2 * width;
  // The closing delimiter first, so that the position of the opening one stays valid.
  const document = editor
    .getDocument()
    .removeTextAtRange([end + width, end + 2 * width])
    .removeTextAtRange([start, start + width])
    .addAttributeAtRange(format, true, [start, end]);
  editor.composition.loadSnapshot({ document, selectedRange: [end, end] });
  // Text after the mark is not formatted.
  editor.deactivateAttribute(format);
}

function applyBlockPrefix(editor: Editor, { start, cursor }: Line, { format, width }: BlockPrefix) {
  editor.recordUndoEntry("Formatting");
  const document = editor
    .getDocument()
    .removeTextAtRange([cursor - width, cursor])
    .applyBlockAttributeAtRange(format, true, [start, start]);
  editor.composition.loadSnapshot({ document, selectedRange: [start, start] });
}

import type { Editor } from "trix/dist/trix.esm.js";
import { objectReplacement } from "./markdown";

/** The text of a line up to the cursor, and its position in the document. */
export interface Line {
  /** Code and attachments are replaced by `objectReplacement`. */
  text: string;
  /** Document positions. */
  start: number;
  cursor: number;
  /** The block attributes of the line, outermost first. */
  formats: readonly string[];
}

/** The line up to the cursor; null while text is selected. */
export function lineBefore(editor: Editor): Line | null {
  const [cursor, end] = editor.getSelectedRange();
  return cursor === end ? lineUpTo(editor, cursor) : null;
}

/** The line up to a document position. */
export function lineUpTo(editor: Editor, cursor: number): Line | null {
  const { index, offset } = editor.getDocument().locationFromPosition(cursor);
  const block = editor.getDocument().getBlockAtIndex(index);
  if (!block) return null;
  const text = block.text
    .getPieces()
    .map((piece) =>
      piece.getAttribute("inlineCode")
        ? objectReplacement.repeat(piece.toString().length)
        : piece.toString(),
    )
    .join("")
    .slice(0, offset);
  const lineStart = text.lastIndexOf("\n") + 1;
  return {
    text: text.slice(lineStart),
    start: cursor - (text.length - lineStart),
    cursor,
    formats: block.getAttributes(),
  };
}

/** Nothing is formatted inside code blocks. */
export function isCode(line: Line): boolean {
  return line.formats.includes("code");
}

import type { Editor } from "trix/dist/trix.esm.js";
import { opaque } from "./markdown";

/** The text of a line up to the cursor, and where it stands in the document. */
export interface Line {
  /** Code and attachments in it are `opaque`. */
  text: string;
  /** Positions in the document. */
  start: number;
  cursor: number;
  /** What the line's block is, from the outermost to the innermost. */
  formats: readonly string[];
}

/** The line up to the cursor; null while something is selected. */
export function lineBefore(editor: Editor): Line | null {
  const [cursor, end] = editor.getSelectedRange();
  return cursor === end ? lineUpTo(editor, cursor) : null;
}

/** The line up to a position in the document. */
export function lineUpTo(editor: Editor, cursor: number): Line | null {
  const { index, offset } = editor.getDocument().locationFromPosition(cursor);
  const block = editor.getDocument().getBlockAtIndex(index);
  if (!block) return null;
  const text = block.text
    .getPieces()
    .map((piece) =>
      piece.getAttribute("inlineCode") ? opaque.repeat(piece.toString().length) : piece.toString(),
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

/** Nothing in a code block means anything but itself. */
export function isCode(line: Line): boolean {
  return line.formats.includes("code");
}

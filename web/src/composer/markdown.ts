import type { BlockFormat, TextFormat } from "./trix";

/** Stands for an attachment, and for every character that is code already: neither is looked into. */
export const opaque = "\uFFFC";

/** Delimiters with text between them that were just closed, by offsets in the line. */
export interface Mark {
  format: TextFormat;
  /** How long each delimiter is. */
  width: number;
  /** Where the opening one begins and the closing one ends. */
  from: number;
  to: number;
}

/** What a line begins with that makes it a quote, a list and so on. */
export interface Shape {
  format: BlockFormat;
  /** How many characters announce it. */
  width: number;
}

/** An opening delimiter does not stand in the middle of a word or an address. */
const before = "(?<=^|[\\s([{\"'“‘«—–>*_~-])";

const marks: readonly { format: TextFormat; width: number; pattern: RegExp }[] = [
  { format: "inlineCode", width: 1, pattern: /(?<=^|[^`\\\w])`([^`\uFFFC\n]+)`$/u },
  {
    format: "bold",
    width: 2,
    pattern: new RegExp(`${before}\\*\\*(?=\\S)([^*\\n]+)(?<=\\S)\\*\\*$`, "u"),
  },
  {
    format: "strike",
    width: 2,
    pattern: new RegExp(`${before}~~(?=\\S)([^~\\n]+)(?<=\\S)~~$`, "u"),
  },
  { format: "italic", width: 1, pattern: new RegExp(`${before}_(?=\\S)([^_\\n]+)(?<=\\S)_$`, "u") },
];

const shapes: readonly { format: BlockFormat; pattern: RegExp }[] = [
  { format: "heading1", pattern: /^# $/ },
  { format: "quote", pattern: /^> $/ },
  { format: "bullet", pattern: /^[-*] $/ },
  { format: "number", pattern: /^1[.)] $/ },
  { format: "code", pattern: /^``` $/ },
];

/** The mark that the last character of `line` closed. */
export function markAt(line: string): Mark | null {
  for (const { format, width, pattern } of marks) {
    const found = pattern.exec(line);
    // Nothing but an attachment, or code, is no text to be marked.
    if (!found || found[1]?.replaceAll(opaque, "") === "") continue;
    const from = found.index;
    if (format !== "inlineCode" && isCodeBegun(line.slice(0, from))) continue;
    return { format, width, from, to: line.length };
  }
  return null;
}

/** An odd backtick: what follows is likely to be code as soon as the next one is typed. */
function isCodeBegun(line: string): boolean {
  return line.split("`").length % 2 === 0;
}

/** The shape that the space at the end of `line` asks for. */
export function shapeAt(line: string): Shape | null {
  const found = shapes.find(({ pattern }) => pattern.test(line));
  return found ? { format: found.format, width: line.length } : null;
}

/** Whether Enter after this line begins a code block. A language may be named; the server finds out itself. */
export function isFence(line: string): boolean {
  return /^```[\w+#.-]*$/.test(line);
}

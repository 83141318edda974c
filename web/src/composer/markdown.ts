import type { BlockFormat, TextFormat } from "./trix";

/**
 * Placeholder for attachments and for characters that are code already. Their content is not
 * parsed.
 */
export const objectReplacement = "\uFFFC";

/** A pair of delimiters that was just closed, by offsets in the line. */
export interface InlineMark {
  format: TextFormat;
  /** The length of each delimiter. */
  width: number;
  /** The start of the opening delimiter and the end of the closing one. */
  from: number;
  to: number;
}

/** A prefix that turns the line into a quote, list and so on. */
export interface BlockPrefix {
  format: BlockFormat;
  /** The length of the prefix. */
  width: number;
}

/** An opening delimiter is not inside a word or URL. */
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

const blockPrefixes: readonly { format: BlockFormat; pattern: RegExp }[] = [
  { format: "heading1", pattern: /^# $/ },
  { format: "quote", pattern: /^> $/ },
  { format: "bullet", pattern: /^[-*] $/ },
  { format: "number", pattern: /^1[.)] $/ },
  { format: "code", pattern: /^``` $/ },
];

/** The mark that the last character of `line` closed, or null. */
export function inlineMarkAt(line: string): InlineMark | null {
  for (const { format, width, pattern } of marks) {
    const found = pattern.exec(line);
    // Attachments or code alone are not marked.
    if (!found || found[1]?.replaceAll(objectReplacement, "") === "") continue;
    const from = found.index;
    if (format !== "inlineCode" && isCodeBegun(line.slice(0, from))) continue;
    return { format, width, from, to: line.length };
  }
  return null;
}

/** With an odd number of backticks, what follows is probably code that is not closed yet. */
function isCodeBegun(line: string): boolean {
  return line.split("`").length % 2 === 0;
}

/** The block format of the prefix that `line` ends with, or null. */
export function blockPrefixAt(line: string): BlockPrefix | null {
  const found = blockPrefixes.find(({ pattern }) => pattern.test(line));
  return found ? { format: found.format, width: line.length } : null;
}

/**
 * Whether Enter after this line starts a code block. A language may follow; the server detects it
 * itself.
 */
export function isFence(line: string): boolean {
  return /^```[\w+#.-]*$/.test(line);
}

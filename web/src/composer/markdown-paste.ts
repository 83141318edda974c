import { inlineMarkAt, objectReplacement } from "./markdown";
import { escapeHtml } from "./markup";

/**
 * Parsing time grows with the square of the line length. Longer lines are rarely written by hand.
 */
const maxLineLength = 2_000;

const tags = { bold: "strong", italic: "em", strike: "del", inlineCode: "code" } as const;

/** Formats pasted Markdown as HTML; null if there is nothing to format. */
export function markdownToHtml(text: string): string | null {
  const html: string[] = [];
  let isFormatted = false;
  const lines = text.replaceAll(/\r\n?/g, "\n").split("\n");
  for (let at = 0; at < lines.length; ) {
    const block = blockAt(lines, at);
    html.push(block.html);
    isFormatted ||= block.isFormatted;
    at += block.lines;
  }
  return isFormatted ? html.join("") : null;
}

interface PastedBlock {
  html: string;
  lines: number;
  isFormatted: boolean;
}

function blockAt(lines: readonly string[], at: number): PastedBlock {
  return fencedBlock(lines, at) ?? prefixedBlock(lines, at) ?? plainBlock(lines, at);
}

function fencedBlock(lines: readonly string[], at: number): PastedBlock | null {
  if (!/^```[\w+#.-]*\s*$/.test(lines[at] ?? "")) return null;
  const end = lines.findIndex((line, index) => index > at && /^```\s*$/.test(line));
  if (end < 0) return null;
  const code = escapeHtml(lines.slice(at + 1, end).join("\n"));
  return { html: `<pre>${code}</pre>`, lines: end - at + 1, isFormatted: true };
}

const blockPrefixes = [
  { pattern: /^> ?/, before: "<blockquote>", between: "<br>", after: "</blockquote>" },
  { pattern: /^[-*] /, before: "<ul><li>", between: "</li><li>", after: "</li></ul>" },
  { pattern: /^\d{1,3}[.)] /, before: "<ol><li>", between: "</li><li>", after: "</li></ol>" },
  { pattern: /^#{1,6} /, before: "<h1>", between: "</h1><h1>", after: "</h1>" },
];

function prefixedBlock(lines: readonly string[], at: number): PastedBlock | null {
  const shape = blockPrefixes.find(({ pattern }) => pattern.test(lines[at] ?? ""));
  if (!shape) return null;
  const end = lines.findIndex((line, index) => index > at && !shape.pattern.test(line));
  const own = lines.slice(at, end < 0 ? undefined : end);
  const items = own.map((line) => inline(line.replace(shape.pattern, "")).html);
  const html = shape.before + items.join(shape.between) + shape.after;
  return { html, lines: own.length, isFormatted: true };
}

/** Lines up to the next fenced or prefixed block. */
function plainBlock(lines: readonly string[], at: number): PastedBlock {
  const own = [inline(lines[at] ?? "")];
  for (let next = at + 1; next < lines.length; next += 1) {
    if (fencedBlock(lines, next) || prefixedBlock(lines, next)) break;
    own.push(inline(lines[next] ?? ""));
  }
  return {
    html: `<div>${own.map(({ html }) => html || "").join("<br>")}</div>`,
    lines: own.length,
    isFormatted: own.some(({ isFormatted }) => isFormatted),
  };
}

/** Placeholder for formatted text while the rest of the line is parsed. */
const formattedPlaceholder = "\uE000";

/** Parses the line as if it were typed: a mark applies when its closing delimiter is reached. */
function inline(line: string): { html: string; isFormatted: boolean } {
  if (line.length > maxLineLength) return { html: escapeHtml(line), isFormatted: false };
  // The HTML behind each placeholder in `text`, in order.
  const slots: string[] = [];
  const htmlOf = (text: string, first: number) => {
    let next = first;
    return escapeHtml(text).replaceAll(/[\uE000\uFFFC]/g, () => slots[next++] ?? "");
  };
  let text = line.replaceAll(/[\uE000\uFFFC]/g, "");
  for (let end = 1; end <= text.length; end += 1) {
    const mark = "*_~`".includes(text.charAt(end - 1)) ? inlineMarkAt(text.slice(0, end)) : null;
    if (!mark) continue;
    const inner = text.slice(mark.from + mark.width, mark.to - mark.width);
    const first = placeholderCount(text.slice(0, mark.from));
    const tag = tags[mark.format];
    slots.splice(first, placeholderCount(inner), `<${tag}>${htmlOf(inner, first)}</${tag}>`);
    const placeholder = mark.format === "inlineCode" ? objectReplacement : formattedPlaceholder;
    text = text.slice(0, mark.from) + placeholder + text.slice(end);
    end = mark.from + 1;
  }
  return { html: htmlOf(text, 0), isFormatted: slots.length > 0 };
}

function placeholderCount(text: string): number {
  return text.match(/[\uE000\uFFFC]/g)?.length ?? 0;
}

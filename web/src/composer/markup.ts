/**
 * Converts between the editor's HTML and plain text. HTML is parsed in a separate document, so
 * nothing in it loads or runs.
 */

const blocks = new Set(["DIV", "P", "H1", "BLOCKQUOTE", "PRE", "CITE", "UL", "OL", "LI"]);

export function parseHtml(html: string): HTMLElement {
  return new DOMParser().parseFromString(html, "text/html").body;
}

export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Plain text as the editor's HTML. */
export function textToHtml(text: string): string {
  return text === "" ? "" : `<div>${escapeHtml(text).replaceAll(/\r\n?|\n/g, "<br>")}</div>`;
}

/** Removes empty lines at the start and the end. */
export function trimHtml(html: string): string {
  const body = parseHtml(html);
  trimEnd(body, "firstChild");
  trimEnd(body, "lastChild");
  return body.innerHTML;
}

function trimEnd(parent: HTMLElement, end: "firstChild" | "lastChild") {
  // White space in code blocks is kept.
  if (parent.tagName === "PRE") return;
  for (let node = parent[end]; node; node = parent[end]) {
    if (node instanceof Text) {
      if (node.data.trim() !== "") return;
    } else if (node instanceof HTMLElement && node.tagName !== "BR") {
      if (node.tagName === "FIGURE") return;
      trimEnd(node, end);
      if (node.hasChildNodes()) return;
    }
    node.remove();
  }
}

/** The HTML as plain text, shown before the server has rendered the message. */
export function htmlToText(html: string): string {
  return read(parseHtml(html)).replace(/^\n+|\s+$/g, "");
}

function read(node: Node): string {
  if (node instanceof Text) return node.data.replaceAll("\u00A0", " ");
  if (!(node instanceof HTMLElement)) return "";
  if (node.tagName === "BR") return "\n";
  if (node.tagName === "FIGURE") return attachmentText(node);
  const inner = Array.from(node.childNodes, read).join("");
  if (!blocks.has(node.tagName)) return inner;
  if (node.tagName === "LI") return `${bullet(node)} ${inner.trimEnd()}\n`;
  const text = inner.replace(/\n$/, "");
  if (node.tagName === "BLOCKQUOTE") return `“${text.trim()}”\n`;
  return node.tagName === "CITE" ? `— ${text}\n` : `${text}\n`;
}

function bullet(item: HTMLElement): string {
  const list = item.parentElement;
  if (list?.tagName !== "OL") return "•";
  return `${Array.from(list.children).indexOf(item) + 1}.`;
}

/** A mention is its name; other attachments have no text. */
function attachmentText(figure: HTMLElement): string {
  try {
    const { content, contentType } = JSON.parse(figure.dataset.trixAttachment ?? "{}");
    if (typeof content !== "string" || String(contentType).includes("opengraph")) return "";
    const name = parseHtml(content).textContent?.trim() ?? "";
    return name && `@${name.replace(/^@/, "")}`;
  } catch {
    return "";
  }
}

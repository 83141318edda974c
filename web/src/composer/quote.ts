import { escapeHtml, parseHtml } from "./markup";
import { sanitizePaste } from "./sanitize-paste";

/** The message to quote in a reply. */
export interface Quoted {
  roomId: number;
  messageId: number;
  author: string;
  /** As rendered by the server. */
  html: string;
}

/** The initial content of a reply: the quote, its author with a link, and an empty line. */
export function replyContent({ roomId, messageId, author, html }: Quoted): string {
  const link = `<a href="/rooms/${roomId}/@${messageId}">#</a>`;
  return `<blockquote>${quoteContent(html)}</blockquote><cite>${escapeHtml(author)} ${link}</cite><br>`;
}

/** Removes what is not quoted: link previews, mentions (their names stay) and nested quotes. */
function quoteContent(html: string): string {
  const body = parseHtml(html);
  for (const mention of body.querySelectorAll("a.mention")) {
    mention.replaceWith((mention.textContent ?? "").trim());
  }
  const links: string[] = [];
  for (const embed of body.querySelectorAll(".embed")) {
    const address = embed.querySelector("a[href]")?.getAttribute("href");
    if (address) links.push(address);
    embed.remove();
  }
  dropAnsweredQuote(body);
  if (body.textContent?.trim() || body.querySelector("pre, code"))
    return sanitizePaste(body.innerHTML);
  return links
    .map(
      (link) => `<a href="${escapeHtml(link).replaceAll('"', "&quot;")}">${escapeHtml(link)}</a>`,
    )
    .join("<br>");
}

/** Of a reply, quotes only its own text. */
function dropAnsweredQuote(body: HTMLElement) {
  const [quote, cite] = body.children;
  if (quote?.tagName !== "BLOCKQUOTE" || cite?.tagName !== "CITE") return;
  if (!cite.querySelector('a[href*="/rooms/"]')) return;
  quote.remove();
  cite.remove();
  while (body.firstChild?.nodeName === "BR") body.firstChild.remove();
}

import { escaped, parse } from "./markup";
import { sanitizePaste } from "./sanitize-paste";

/** A message that is answered. */
export interface Quoted {
  roomId: number;
  messageId: number;
  author: string;
  /** As the server rendered it. */
  html: string;
}

/** What a reply begins with: the message's words, whose they are with a link, and an empty line to write on. */
export function replyTo({ roomId, messageId, author, html }: Quoted): string {
  const link = `<a href="/rooms/${roomId}/@${messageId}">#</a>`;
  return `<blockquote>${quoted(html)}</blockquote><cite>${escaped(author)} ${link}</cite><br>`;
}

/** Without what cannot be quoted: previews of links, people to be called again, and quotes within. */
function quoted(html: string): string {
  const body = parse(html);
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
    .map((link) => `<a href="${escaped(link).replaceAll('"', "&quot;")}">${escaped(link)}</a>`)
    .join("<br>");
}

/** Of a message that is a reply itself, only what it says anew. */
function dropAnsweredQuote(body: HTMLElement) {
  const [quote, cite] = body.children;
  if (quote?.tagName !== "BLOCKQUOTE" || cite?.tagName !== "CITE") return;
  if (!cite.querySelector('a[href*="/rooms/"]')) return;
  quote.remove();
  cite.remove();
  while (body.firstChild?.nodeName === "BR") body.firstChild.remove();
}

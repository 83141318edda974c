import { expect, it } from "vitest";
import { replyContent } from "./quote";

const reply = (html: string) => replyContent({ roomId: 7, messageId: 42, author: "Ada <3", html });
const end = '</blockquote><cite>Ada &lt;3 <a href="/rooms/7/@42">#</a></cite><br>';

it("quotes the text with its author", () => {
  expect(reply("<div>Hello <strong>you</strong></div>")).toBe(
    `<blockquote><div>Hello <strong>you</strong></div>${end}`,
  );
});

it("keeps the names of mentions without mentioning them again", () => {
  const mention =
    '<a class="mention" href="/users/2" data-user-id="2"><img class="mention__avatar" alt="" src="/x">Grace</a>';
  expect(reply(`<div>Ask ${mention}!</div>`)).toBe(`<blockquote><div>Ask Grace!</div>${end}`);
});

it("removes link previews, unless there is nothing else", () => {
  const embed =
    '<div class="embed"><div class="embed__title"><a href="https://x.org/?a&amp;b">X</a></div></div>';
  expect(reply(`<div>See this${embed}</div>`)).toBe(`<blockquote><div>See this</div>${end}`);
  expect(reply(`<div>${embed}</div>`)).toBe(
    `<blockquote><a href="https://x.org/?a&amp;b">https://x.org/?a&amp;b</a>${end}`,
  );
});

it("quotes only the text of a reply, not its own quote", () => {
  const html =
    '<blockquote>old</blockquote><cite>Grace <a href="/rooms/7/@41">#</a></cite><br><div>new</div>';
  expect(reply(html)).toBe(`<blockquote><div>new</div>${end}`);
});

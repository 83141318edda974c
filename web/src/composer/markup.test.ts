import { expect, it } from "vitest";
import { htmlToText, textToHtml, trimHtml } from "./markup";

const mention = `<figure data-trix-attachment='{"sgid":"s","contentType":"application/vnd.campfire.mention","content":"<span class=\\"mention\\">Ada Lovelace</span>"}'></figure>`;

it("reads formatted text as plain text", () => {
  expect(htmlToText("<div>Hello <strong>there</strong><br>friend</div>")).toBe(
    "Hello there\nfriend",
  );
  expect(htmlToText("<ul><li>one</li><li>two</li></ul>")).toBe("• one\n• two");
  expect(htmlToText("<ol><li>one</li><li>two</li></ol>")).toBe("1. one\n2. two");
  expect(htmlToText("<blockquote>Quiet</blockquote><cite>Ada #</cite><div>No</div>")).toBe(
    "“Quiet”\n— Ada #\nNo",
  );
  expect(htmlToText("<pre>let a;\n  a();</pre>")).toBe("let a;\n  a();");
});

it("includes the names of mentions", () => {
  expect(htmlToText(`<div>Hi ${mention}&nbsp;!</div>`)).toBe("Hi @Ada Lovelace !");
});

it("escapes HTML in plain text and keeps its lines", () => {
  expect(textToHtml("a <b>\n& c")).toBe("<div>a &lt;b&gt;<br>&amp; c</div>");
  expect(htmlToText(textToHtml("a <b>\r\n& c"))).toBe("a <b>\n& c");
  expect(textToHtml("")).toBe("");
});

it("removes empty lines around the text", () => {
  expect(trimHtml("<div><br>Hello<br><br>you<br><br></div><div><br></div>")).toBe(
    "<div>Hello<br><br>you</div>",
  );
  expect(trimHtml("<div>Hi</div><blockquote><br></blockquote>")).toBe("<div>Hi</div>");
  expect(trimHtml("<pre>\n\n  code\n</pre>")).toContain("  code\n</pre>");
  expect(trimHtml(`<div>${mention}&nbsp;</div>`)).toContain("figure");
  expect(trimHtml("<div> &nbsp;<br></div>")).toBe("");
});

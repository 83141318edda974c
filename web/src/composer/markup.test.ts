import { expect, it } from "vitest";
import { htmlOf, textOf, trimmed } from "./markup";

const mention = `<figure data-trix-attachment='{"sgid":"s","contentType":"application/vnd.campfire.mention","content":"<span class=\\"mention\\">Ada Lovelace</span>"}'></figure>`;

it("reads formatted text as plain text", () => {
  expect(textOf("<div>Hello <strong>there</strong><br>friend</div>")).toBe("Hello there\nfriend");
  expect(textOf("<ul><li>one</li><li>two</li></ul>")).toBe("• one\n• two");
  expect(textOf("<ol><li>one</li><li>two</li></ol>")).toBe("1. one\n2. two");
  expect(textOf("<blockquote>Quiet</blockquote><cite>Ada #</cite><div>No</div>")).toBe(
    "“Quiet”\n— Ada #\nNo",
  );
  expect(textOf("<pre>let a;\n  a();</pre>")).toBe("let a;\n  a();");
});

it("includes the names of mentions", () => {
  expect(textOf(`<div>Hi ${mention}&nbsp;!</div>`)).toBe("Hi @Ada Lovelace !");
});

it("escapes HTML in plain text and keeps its lines", () => {
  expect(htmlOf("a <b>\n& c")).toBe("<div>a &lt;b&gt;<br>&amp; c</div>");
  expect(textOf(htmlOf("a <b>\r\n& c"))).toBe("a <b>\n& c");
  expect(htmlOf("")).toBe("");
});

it("removes empty lines around the text", () => {
  expect(trimmed("<div><br>Hello<br><br>you<br><br></div><div><br></div>")).toBe(
    "<div>Hello<br><br>you</div>",
  );
  expect(trimmed("<div>Hi</div><blockquote><br></blockquote>")).toBe("<div>Hi</div>");
  expect(trimmed("<pre>\n\n  code\n</pre>")).toContain("  code\n</pre>");
  expect(trimmed(`<div>${mention}&nbsp;</div>`)).toContain("figure");
  expect(trimmed("<div> &nbsp;<br></div>")).toBe("");
});

import { expect, it } from "vitest";
import { markdownToHtml } from "./markdown-paste";

it("returns null if there is nothing to format", () => {
  expect(markdownToHtml("Hello\n2 * 3 * 4, snake_case_name, a > b")).toBeNull();
});

it("formats marks and escapes HTML", () => {
  expect(markdownToHtml("**a <b>** and `c & d`\nnext")).toBe(
    "<div><strong>a &lt;b&gt;</strong> and <code>c &amp; d</code><br>next</div>",
  );
  expect(markdownToHtml("**so _very_ bold**")).toBe(
    "<div><strong>so <em>very</em> bold</strong></div>",
  );
});

it("does not format code", () => {
  expect(markdownToHtml("`a **b** _c_` **`d`**!")).toBe(
    "<div><code>a **b** _c_</code> **<code>d</code>**!</div>",
  );
});

it("formats blocks", () => {
  expect(markdownToHtml("# Plan\n- one\n- two\nthen\n> said\n> twice\n1. a\n2. b")).toBe(
    "<h1>Plan</h1><ul><li>one</li><li>two</li></ul><div>then</div>" +
      "<blockquote>said<br>twice</blockquote><ol><li>a</li><li>b</li></ol>",
  );
});

it("keeps fenced code unchanged", () => {
  expect(markdownToHtml("see\n```rust\nlet a = `**`;\n\n  # no\n```\nok")).toBe(
    "<div>see</div><pre>let a = `**`;\n\n  # no</pre><div>ok</div>",
  );
});

it("does not parse very long lines", () => {
  expect(markdownToHtml(`${"x".repeat(2_000)} **bold**`)).toBeNull();
});

import { expect, it } from "vitest";
import { sanitizePaste } from "./sanitize-paste";

it("keeps allowed formatting", () => {
  const html =
    '<div><strong>a</strong> <em>b</em> <a href="https://x.org">c</a><br></div><ul><li>d</li></ul><pre>e\n f</pre>';
  expect(sanitizePaste(html)).toBe(html);
});

it("replaces tags that mean the same", () => {
  expect(sanitizePaste("<h3>Title</h3><p><b>a</b><i>b</i><s>c</s></p>")).toBe(
    "<h1>Title</h1><div><strong>a</strong><em>b</em><del>c</del></div>",
  );
});

it("separates paragraphs by an empty line", () => {
  expect(sanitizePaste("<p>one</p><p>two</p>")).toBe("<div>one<br><br></div><div>two</div>");
});

it("turns tables into lines and images into their descriptions", () => {
  const row = '<tr><td>a</td><td>b <img src="x.png" alt="cat" onerror="alert(1)"></td></tr>';
  expect(sanitizePaste(`<table><tbody>${row}</tbody></table>`)).toBe(
    "<div><div>a | b cat</div></div>",
  );
});

it("reads bold and italic from styles and removes the rest", () => {
  expect(sanitizePaste('<span style="font-weight:700;color:red">x</span>')).toBe(
    "<strong>x</strong>",
  );
  expect(sanitizePaste('<b style="font-weight:normal"><span>x</span></b>')).toBe("x");
});

it("removes everything that runs or loads", () => {
  const html =
    '<script>a()</script><style>p{}</style><a href="javascript:a()">x</a><iframe src="about:blank"></iframe><p onclick="a()">y</p><svg><a>z</a></svg>';
  expect(sanitizePaste(html)).toBe("x<div>y</div>");
});

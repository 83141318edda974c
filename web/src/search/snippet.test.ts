import { expect, it } from "vitest";
import { snippetParts } from "./snippet";

it("separates matches from the text around them", () => {
  expect(snippetParts("a <mark>lantern</mark>, <mark>quiet</mark>")).toEqual([
    { text: "a ", isMatch: false },
    { text: "lantern", isMatch: true },
    { text: ", ", isMatch: false },
    { text: "quiet", isMatch: true },
  ]);
  expect(snippetParts("")).toEqual([]);
});

it("shows text literally, never as markup", () => {
  expect(snippetParts("&lt;mark&gt; &amp;amp; &quot;x&quot; it&#39;s")).toEqual([
    { text: '<mark> &amp; "x" it\'s', isMatch: false },
  ]);
  expect(snippetParts("<b>bold</b>")).toEqual([{ text: "<b>bold</b>", isMatch: false }]);
});

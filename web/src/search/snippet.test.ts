import { expect, it } from "vitest";
import { piecesOf } from "./snippet";

it("tells matches from what is around them", () => {
  expect(piecesOf("a <mark>lantern</mark>, <mark>quiet</mark>")).toEqual([
    { text: "a ", isMatch: false },
    { text: "lantern", isMatch: true },
    { text: ", ", isMatch: false },
    { text: "quiet", isMatch: true },
  ]);
  expect(piecesOf("")).toEqual([]);
});

it("shows what people typed, never as markup", () => {
  expect(piecesOf("&lt;mark&gt; &amp;amp; &quot;x&quot; it&#39;s")).toEqual([
    { text: '<mark> &amp; "x" it\'s', isMatch: false },
  ]);
  expect(piecesOf("<b>bold</b>")).toEqual([{ text: "<b>bold</b>", isMatch: false }]);
});

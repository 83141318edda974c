import { describe, expect, it } from "vitest";
import { isFence, markAt, opaque, shapeAt } from "./markdown";

const marked = (line: string) => {
  const mark = markAt(line);
  return mark && [mark.format, line.slice(mark.from + mark.width, mark.to - mark.width)];
};

describe("marks within a line", () => {
  it.each([
    ["**bold**", "bold", "bold"],
    ["so **very bold**", "bold", "very bold"],
    ["(_aside_", "italic", "aside"],
    ["~~gone~~", "strike", "gone"],
    ["call `main()`", "inlineCode", "main()"],
    ["**_both_", "italic", "both"],
    [`**hello ${opaque}**`, "bold", `hello ${opaque}`],
  ])("%s", (line, format, text) => {
    expect(marked(line)).toEqual([format, text]);
  });

  it.each([
    "**bold*",
    "** spaced **",
    "2**3**",
    "snake_case_",
    "https://example.org/_path_",
    "``",
    "```",
    "****",
    "a `b` c",
    "`a **b**",
    `\`${opaque}\``,
    `**${opaque}${opaque}**`,
  ])("leaves alone: %s", (line) => {
    expect(markAt(line)).toBeNull();
  });
});

describe("shapes of a line", () => {
  it.each([
    ["# ", "heading1"],
    ["> ", "quote"],
    ["- ", "bullet"],
    ["* ", "bullet"],
    ["1. ", "number"],
    ["1) ", "number"],
    ["``` ", "code"],
  ])("%s", (line, format) => {
    expect(shapeAt(line)).toEqual({ format, width: line.length });
  });

  it.each(["-", "a - ", "## ", "2. ", "#1 ", ` ${opaque}- `])("leaves alone: %s", (line) => {
    expect(shapeAt(line)).toBeNull();
  });

  it("knows a fence, with a language or without", () => {
    expect(["```", "```rust", "```c++"].every(isFence)).toBe(true);
    expect(["``", "``` x y", "a```"].some(isFence)).toBe(false);
  });
});

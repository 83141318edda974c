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
  ])("ignores: %s", (line) => {
    expect(markAt(line)).toBeNull();
  });
});

describe("block prefixes", () => {
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

  it.each(["-", "a - ", "## ", "2. ", "#1 ", ` ${opaque}- `])("ignores: %s", (line) => {
    expect(shapeAt(line)).toBeNull();
  });

  it("recognizes a code fence, with or without a language", () => {
    expect(["```", "```rust", "```c++"].every(isFence)).toBe(true);
    expect(["``", "``` x y", "a```"].some(isFence)).toBe(false);
  });
});

import { describe, expect, it } from "vitest";
import { blockPrefixAt, inlineMarkAt, isFence, objectReplacement } from "./markdown";

const marked = (line: string) => {
  const mark = inlineMarkAt(line);
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
    [`**hello ${objectReplacement}**`, "bold", `hello ${objectReplacement}`],
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
    `\`${objectReplacement}\``,
    `**${objectReplacement}${objectReplacement}**`,
  ])("ignores: %s", (line) => {
    expect(inlineMarkAt(line)).toBeNull();
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
    expect(blockPrefixAt(line)).toEqual({ format, width: line.length });
  });

  it.each(["-", "a - ", "## ", "2. ", "#1 ", ` ${objectReplacement}- `])("ignores: %s", (line) => {
    expect(blockPrefixAt(line)).toBeNull();
  });

  it("recognizes a code fence, with or without a language", () => {
    expect(["```", "```rust", "```c++"].every(isFence)).toBe(true);
    expect(["``", "``` x y", "a```"].some(isFence)).toBe(false);
  });
});

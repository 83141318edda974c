import { expect, it } from "vitest";
import { isEmojiOnly, truncateBoost } from "./content";

it("keeps sixteen characters, counted as on the server", () => {
  expect(truncateBoost("a".repeat(20))).toBe("a".repeat(16));
  expect(truncateBoost("👍".repeat(20))).toBe("👍".repeat(16));
  expect(truncateBoost("Well done!")).toBe("Well done!");
});

it("does not split an emoji that is made of several characters", () => {
  const family = "👨‍👩‍👧‍👦";
  expect([...family]).toHaveLength(7);
  expect(truncateBoost(family.repeat(3))).toBe(family.repeat(2));
});

it("distinguishes emoji from text", () => {
  expect(isEmojiOnly("👍🏽")).toBe(true);
  expect(isEmojiOnly("❤️")).toBe(true);
  expect(isEmojiOnly("+1")).toBe(false);
  expect(isEmojiOnly("👍 yes")).toBe(false);
});

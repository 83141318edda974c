import { expect, it } from "vitest";
import { fitted, isEmojiOnly } from "./content";

it("keeps sixteen characters, counted as the server counts", () => {
  expect(fitted("a".repeat(20))).toBe("a".repeat(16));
  expect(fitted("👍".repeat(20))).toBe("👍".repeat(16));
  expect(fitted("Well done!")).toBe("Well done!");
});

it("never cuts an emoji that is made of several characters", () => {
  const family = "👨‍👩‍👧‍👦";
  expect([...family]).toHaveLength(7);
  expect(fitted(family.repeat(3))).toBe(family.repeat(2));
});

it("tells emoji from words", () => {
  expect(isEmojiOnly("👍🏽")).toBe(true);
  expect(isEmojiOnly("❤️")).toBe(true);
  expect(isEmojiOnly("+1")).toBe(false);
  expect(isEmojiOnly("👍 yes")).toBe(false);
});

import { expect, it } from "vitest";
import { maxMessageBytes, messageLength } from "./message-length";

it("returns no percentage while there is plenty left", () => {
  expect(messageLength("Hello")).toEqual({ isTooLong: false, percent: null });
  expect(messageLength("a".repeat(maxMessageBytes / 2))).toEqual({
    isTooLong: false,
    percent: null,
  });
});

it("counts near the limit, and rejects only beyond it", () => {
  expect(messageLength("a".repeat(maxMessageBytes * 0.955))).toEqual({
    isTooLong: false,
    percent: 95,
  });
  expect(messageLength("a".repeat(maxMessageBytes))).toEqual({ isTooLong: false, percent: 100 });
  expect(messageLength("a".repeat(maxMessageBytes + 1))).toEqual({ isTooLong: true, percent: 101 });
});

it("counts bytes, as the server does", () => {
  expect(messageLength("é".repeat(maxMessageBytes / 2 + 1)).isTooLong).toBe(true);
});

import { expect, it } from "vitest";
import { lengthOf, longest } from "./message-length";

it("says nothing while there is plenty left", () => {
  expect(lengthOf("Hello")).toEqual({ isTooLong: false, percent: null });
  expect(lengthOf("a".repeat(longest / 2))).toEqual({ isTooLong: false, percent: null });
});

it("counts near the limit, and refuses only beyond it", () => {
  expect(lengthOf("a".repeat(longest * 0.955))).toEqual({ isTooLong: false, percent: 95 });
  expect(lengthOf("a".repeat(longest))).toEqual({ isTooLong: false, percent: 100 });
  expect(lengthOf("a".repeat(longest + 1))).toEqual({ isTooLong: true, percent: 101 });
});

it("counts bytes, as the server does", () => {
  expect(lengthOf("é".repeat(longest / 2 + 1)).isTooLong).toBe(true);
});

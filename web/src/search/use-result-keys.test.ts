import { expect, it } from "vitest";
import { nextResult } from "./use-result-keys";

it("moves from the field up through the results, and back down", () => {
  expect(nextResult("ArrowUp", 3, 3)).toBe(2);
  expect(nextResult("ArrowUp", 0, 3)).toBe(0);
  expect(nextResult("ArrowDown", 1, 3)).toBe(2);
  expect(nextResult("ArrowDown", 2, 3)).toBe(3);
  expect(nextResult("Home", 2, 3)).toBe(0);
  expect(nextResult("End", 0, 3)).toBe(2);
  expect(nextResult("a", 1, 3)).toBeNull();
});

import { expect, it } from "vitest";
import { nextOf } from "./use-result-keys";

it("leads from the field up through the results, and down into the field again", () => {
  expect(nextOf("ArrowUp", 3, 3)).toBe(2);
  expect(nextOf("ArrowUp", 0, 3)).toBe(0);
  expect(nextOf("ArrowDown", 1, 3)).toBe(2);
  expect(nextOf("ArrowDown", 2, 3)).toBe(3);
  expect(nextOf("Home", 2, 3)).toBe(0);
  expect(nextOf("End", 0, 3)).toBe(2);
  expect(nextOf("a", 1, 3)).toBeNull();
});

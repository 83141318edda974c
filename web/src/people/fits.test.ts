import { expect, it } from "vitest";
import { fits } from "./fits";

it("finds names without regard to case and accents", () => {
  expect(fits("Zoë de la Cruz", "zoe")).toBe(true);
  expect(fits("Zoë de la Cruz", " Dé LA ")).toBe(true);
  expect(fits("Ada", "b")).toBe(false);
});

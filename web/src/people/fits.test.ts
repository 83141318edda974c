import { expect, it } from "vitest";
import { bestFirst, fits } from "./fits";

it("finds names without regard to case and accents", () => {
  expect(fits("Zoë de la Cruz", "zoe")).toBe(true);
  expect(fits("Zoë de la Cruz", " Dé LA ")).toBe(true);
  expect(fits("Ada", "b")).toBe(false);
});

it("puts names first that begin with what is sought, then their later words", () => {
  const people = ["Hedy Lamarr", "Uma Martin", "María José", "Anna-Mae"].map((name) => ({ name }));
  expect(bestFirst(people, "ma").map(({ name }) => name)).toEqual([
    "María José",
    "Uma Martin",
    "Anna-Mae",
    "Hedy Lamarr",
  ]);
});

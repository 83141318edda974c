import { describe, expect, it } from "vitest";
import { bestOf, contains, type Way, wayOf } from "./fuzzy-match";

it("tells in which way a name fits, best first", () => {
  expect(wayOf("Ops", "ops")).toBe("whole");
  expect(wayOf("Opsgenie", "ops")).toBe("start");
  expect(wayOf("The ops room", "ops")).toBe("word");
  expect(wayOf("Anna-Mae O’Brien", "brien")).toBe("word");
  expect(wayOf("Dropship", "ops")).toBe("inside");
  expect(wayOf("Ada Lovelace", "adlo")).toBe("jumping");
  expect(wayOf("Grace Hopper", "gh")).toBe("jumping");
  expect(wayOf("Old plans", "ops")).toBe("scattered");
  expect(wayOf("Ops", "spo")).toBeNull();
  expect(wayOf("Ops", "opss")).toBeNull();
});

it("does not mind case, accents and blanks around", () => {
  expect(wayOf("Zoë", "  zoe ")).toBe("whole");
  expect(wayOf("École", "ÉCOLE")).toBe("whole");
  expect(wayOf("Straße", "strass")).toBe("start");
  expect(contains("Zoë de la Cruz", " Dé LA ")).toBe(true);
  expect(contains("Ada", "b")).toBe(false);
});

it("is not held up by a name of many like words", () => {
  const name = "a ".repeat(50);
  expect(wayOf(name, "a".repeat(25))).toBe("jumping");
  expect(wayOf(name, `${"a".repeat(25)}b`)).toBeNull();
});

it("reads several words as one", () => {
  expect(wayOf("Ada Lovelace", "ada lo")).toBe("start");
  expect(wayOf("Alan Ada-Smith", "ada s")).toBe("jumping");
});

describe("the best of several", () => {
  const people = ["Hedy Lamarr", "Uma Martin", "María José", "Anna-Mae"].map((name) => ({ name }));
  const best = (typed: string, ...allowed: Way[]) =>
    bestOf(people, typed, allowed).map(({ name }) => name);

  it("come first, and only those that fit as wanted", () => {
    expect(best("ma", "start", "word", "inside")).toEqual([
      "María José",
      "Uma Martin",
      "Anna-Mae",
      "Hedy Lamarr",
    ]);
    expect(best("ma", "start", "word")).toEqual(["María José", "Uma Martin", "Anna-Mae"]);
    expect(best("hl", "start")).toEqual([]);
  });

  it("keep their order among equals", () => {
    expect(best("", "start")).toEqual(people.map(({ name }) => name));
  });
});

import { describe, expect, it } from "vitest";
import { bestMatches, includesText, type MatchKind, matchKind } from "./fuzzy-match";

it("tells in which way a name fits, best first", () => {
  expect(matchKind("Ops", "ops")).toBe("whole");
  expect(matchKind("Opsgenie", "ops")).toBe("start");
  expect(matchKind("The ops room", "ops")).toBe("word");
  expect(matchKind("Anna-Mae O’Brien", "brien")).toBe("word");
  expect(matchKind("Dropship", "ops")).toBe("inside");
  expect(matchKind("Ada Lovelace", "adlo")).toBe("jumping");
  expect(matchKind("Grace Hopper", "gh")).toBe("jumping");
  expect(matchKind("Old plans", "ops")).toBe("scattered");
  expect(matchKind("Ops", "spo")).toBeNull();
  expect(matchKind("Ops", "opss")).toBeNull();
});

it("does not mind case, accents and blanks around", () => {
  expect(matchKind("Zoë", "  zoe ")).toBe("whole");
  expect(matchKind("École", "ÉCOLE")).toBe("whole");
  expect(matchKind("Straße", "strass")).toBe("start");
  expect(includesText("Zoë de la Cruz", " Dé LA ")).toBe(true);
  expect(includesText("Ada", "b")).toBe(false);
});

it("is not held up by a name of many like words", () => {
  const name = "a ".repeat(50);
  expect(matchKind(name, "a".repeat(25))).toBe("jumping");
  expect(matchKind(name, `${"a".repeat(25)}b`)).toBeNull();
});

it("reads several words as one", () => {
  expect(matchKind("Ada Lovelace", "ada lo")).toBe("start");
  expect(matchKind("Alan Ada-Smith", "ada s")).toBe("jumping");
});

describe("the best of several", () => {
  const people = ["Hedy Lamarr", "Uma Martin", "María José", "Anna-Mae"].map((name) => ({ name }));
  const best = (typed: string, ...allowed: MatchKind[]) =>
    bestMatches(people, typed, allowed).map(({ name }) => name);

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

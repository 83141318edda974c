import { describe, expect, it } from "vitest";
import { bestMatches, includesText, type MatchKind, matchKind } from "./fuzzy-match";

it("finds the best kind of match", () => {
  expect(matchKind("Ops", "ops")).toBe("exact");
  expect(matchKind("Opsgenie", "ops")).toBe("prefix");
  expect(matchKind("The ops room", "ops")).toBe("word-prefix");
  expect(matchKind("Anna-Mae O’Brien", "brien")).toBe("word-prefix");
  expect(matchKind("Dropship", "ops")).toBe("substring");
  expect(matchKind("Ada Lovelace", "adlo")).toBe("initials");
  expect(matchKind("Grace Hopper", "gh")).toBe("initials");
  expect(matchKind("Old plans", "ops")).toBe("subsequence");
  expect(matchKind("Ops", "spo")).toBeNull();
  expect(matchKind("Ops", "opss")).toBeNull();
});

it("ignores case, accents and surrounding spaces", () => {
  expect(matchKind("Zoë", "  zoe ")).toBe("exact");
  expect(matchKind("École", "ÉCOLE")).toBe("exact");
  expect(matchKind("Straße", "strass")).toBe("prefix");
  expect(includesText("Zoë de la Cruz", " Dé LA ")).toBe(true);
  expect(includesText("Ada", "b")).toBe(false);
});

it("stays fast for a name with many similar words", () => {
  const name = "a ".repeat(50);
  expect(matchKind(name, "a".repeat(25))).toBe("initials");
  expect(matchKind(name, `${"a".repeat(25)}b`)).toBeNull();
});

it("matches a query of several words", () => {
  expect(matchKind("Ada Lovelace", "ada lo")).toBe("prefix");
  expect(matchKind("Alan Ada-Smith", "ada s")).toBe("initials");
});

describe("bestMatches", () => {
  const people = ["Hedy Lamarr", "Uma Martin", "María José", "Anna-Mae"].map((name) => ({ name }));
  const best = (typed: string, ...allowed: MatchKind[]) =>
    bestMatches(people, typed, allowed).map(({ name }) => name);

  it("returns allowed matches, best first", () => {
    expect(best("ma", "prefix", "word-prefix", "substring")).toEqual([
      "María José",
      "Uma Martin",
      "Anna-Mae",
      "Hedy Lamarr",
    ]);
    expect(best("ma", "prefix", "word-prefix")).toEqual(["María José", "Uma Martin", "Anna-Mae"]);
    expect(best("hl", "prefix")).toEqual([]);
  });

  it("keeps the order of equal matches", () => {
    expect(best("", "prefix")).toEqual(people.map(({ name }) => name));
  });
});

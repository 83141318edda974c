import { expect, it } from "vitest";
import { ranked } from "./rank";

const places = (...names: string[]) =>
  names.map((name) => ({ key: name, name, recency: null as number | null }));
const found = (query: string, ...names: string[]) =>
  ranked(places(...names), query).map(({ name }) => name);

it("ranks the exact name before prefix, word, substring and subsequence", () => {
  expect(
    found("ops", "Old plans", "Dropship", "The ops room", "Opsgenie", "Ops", "Kitchen"),
  ).toEqual(["Ops", "Opsgenie", "The ops room", "Dropship", "Old plans"]);
});

it("prefers letters that start words", () => {
  expect(found("at", "Great", "All Talk")).toEqual(["Great", "All Talk"]);
  expect(found("alt", "Abolition", "All Loud Talk")).toEqual(["All Loud Talk", "Abolition"]);
  expect(found("gh", "Grand chess", "Grace Hopper")).toEqual(["Grace Hopper", "Grand chess"]);
});

it("ignores case, accents and surrounding spaces", () => {
  expect(found("  zoe ", "Zoë", "Bob")).toEqual(["Zoë"]);
  expect(found("ÉCOLE", "École")).toEqual(["École"]);
});

it("finds nothing when letters are missing or in another order", () => {
  expect(found("spo", "Ops")).toEqual([]);
  expect(found("opss", "Ops")).toEqual([]);
});

it("without a query lists recent rooms first, then by name", () => {
  const list = places("Zoo", "Ada", "bar");
  list.push({ key: "x", name: "Last", recency: 0 }, { key: "y", name: "Before", recency: 1 });
  expect(ranked(list, "").map(({ name }) => name)).toEqual(["Last", "Before", "Ada", "bar", "Zoo"]);
});

it("ranks a recent room first among equal matches, but not over a better one", () => {
  const list = [
    { key: "a", name: "Design talk", recency: null },
    { key: "b", name: "Design wall", recency: 0 },
    { key: "c", name: "Design", recency: null },
  ];
  expect(ranked(list, "design").map(({ key }) => key)).toEqual(["c", "b", "a"]);
});

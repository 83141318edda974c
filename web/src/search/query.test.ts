import { expect, it } from "vitest";
import {
  buildQuery,
  formatFilter,
  parseFilters,
  queryWords,
  searchPath,
  withoutFilter,
} from "./query";

const found = (text: string) => parseFilters(text).map(({ name, value }) => `${name}=${value}`);

it("finds filters between words, with any quotes", () => {
  expect(found('lantern from:"Ada Lovelace" IN:#general has:Link riv')).toEqual([
    "from=Ada Lovelace",
    "in=general",
    "has=link",
  ]);
  expect(found("from:“Ada Lovelace” after:2025-12-01 before:2026-01-31")).toEqual([
    "from=Ada Lovelace",
    "after=2025-12-01",
    "before=2026-01-31",
  ]);
});

it("treats everything else as words, as the server does", () => {
  expect(found("re:invent before:yesterday has:fun from: https://example.com/a:b 12:30")).toEqual(
    [],
  );
  expect(found('"from:ada" before:2026-02-30')).toEqual([]);
});

it("reads an unclosed quotation to the end", () => {
  expect(found('in:"the ops')).toEqual(["in=the ops"]);
});

it("removes one filter and keeps the rest as typed", () => {
  const text = 'cake  from:ada in:"big room" now';
  const [from, room] = parseFilters(text);
  expect(from && withoutFilter(text, from)).toBe('cake in:"big room" now');
  expect(room && withoutFilter(text, room)).toBe("cake  from:ada now");
});

it("separates words from filters, and combines them again", () => {
  expect(queryWords('from:ada "quiet harbour" has:link lant')).toBe('"quiet harbour" lant');
  expect(queryWords("  ")).toBe("");
  const query = buildQuery("lant", [
    ["from", "Ada Lovelace"],
    ["in", ""],
    ["has", "link"],
  ]);
  expect(query).toBe('lant from:"Ada Lovelace" has:link');
  expect(parseFilters(query)).toHaveLength(2);
});

it("formats names so that they can be parsed again", () => {
  for (const name of ['The "big" room', "re:invent", "Zoë", "a b"]) {
    const [filter] = parseFilters(formatFilter("in", name));
    expect(filter?.value).toBe(name.replaceAll('"', " "));
  }
});

it("encodes every character in URLs", () => {
  const query = "100% & more? #1";
  const address = new URL(searchPath(query), "http://chat.example");
  expect(address.searchParams.get("q")).toBe(query);
  expect(searchPath("")).toBe("/searches");
});

import { describe, expect, it } from "vitest";
import { autocompleted, matchingSuggestions } from "./suggestion-match";

const people = [
  "Grace Hopper",
  "Ada Lovelace",
  "Adele Goldberg",
  "Émile Zola",
  "Alan Ada-Smith",
].map((name) => ({ name }));

describe("suggesting", () => {
  const names = (query: string) => matchingSuggestions(people, query).map(({ name }) => name);

  it("ranks names that start with the query before later words that do", () => {
    expect(names("ad")).toEqual(["Ada Lovelace", "Adele Goldberg", "Alan Ada-Smith"]);
    expect(names("ada ")).toEqual(["Ada Lovelace", "Alan Ada-Smith"]);
  });

  it("matches initials, and rejects mere substrings", () => {
    expect(names("alo")).toEqual(["Ada Lovelace"]);
    expect(names("as")).toEqual(["Alan Ada-Smith"]);
    expect(names("rc")).toEqual([]);
    expect(names("opper")).toEqual([]);
  });
});

describe("completing", () => {
  const complete = (query: string) =>
    autocompleted(matchingSuggestions(people, query), query)?.name;

  it("accepts a name that is typed in full, even if others start with it", () => {
    const both = matchingSuggestions([{ name: "Ada" }, { name: "Adam" }], "ada");
    expect(autocompleted(both, "ada")?.name).toBe("Ada");
  });

  it("accepts the only suggestion that starts with the query", () => {
    expect(complete("grace")).toBe("Grace Hopper");
    expect(complete("zola")).toBe("Émile Zola");
  });

  it("accepts none of several, nor a weak match", () => {
    expect(complete("ad")).toBeUndefined();
    expect(complete("gh")).toBeUndefined();
    expect(autocompleted([], "ada")).toBeNull();
  });
});

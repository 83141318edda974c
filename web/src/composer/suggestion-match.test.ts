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

  it("puts names that begin so before those with a later word that does", () => {
    expect(names("ad")).toEqual(["Ada Lovelace", "Adele Goldberg", "Alan Ada-Smith"]);
    expect(names("ada ")).toEqual(["Ada Lovelace", "Alan Ada-Smith"]);
  });

  it("lets letters jump between words, and leaves out what merely contains them", () => {
    expect(names("alo")).toEqual(["Ada Lovelace"]);
    expect(names("as")).toEqual(["Alan Ada-Smith"]);
    expect(names("rc")).toEqual([]);
    expect(names("opper")).toEqual([]);
  });
});

describe("completing", () => {
  const complete = (query: string) =>
    autocompleted(matchingSuggestions(people, query), query)?.name;

  it("takes a name that is written out, though others begin so", () => {
    const both = matchingSuggestions([{ name: "Ada" }, { name: "Adam" }], "ada");
    expect(autocompleted(both, "ada")?.name).toBe("Ada");
  });

  it("takes the only one that begins so", () => {
    expect(complete("grace")).toBe("Grace Hopper");
    expect(complete("zola")).toBe("Émile Zola");
  });

  it("takes none of several, nor one that merely resembles", () => {
    expect(complete("ad")).toBeUndefined();
    expect(complete("gh")).toBeUndefined();
    expect(autocompleted([], "ada")).toBeNull();
  });
});

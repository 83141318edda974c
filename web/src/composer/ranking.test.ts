import { describe, expect, it } from "vitest";
import { completed, ranked } from "./ranking";

const people = [
  "Grace Hopper",
  "Ada Lovelace",
  "Adele Goldberg",
  "Émile Zola",
  "Alan Ada-Smith",
].map((name) => ({ name }));
const names = (query: string) => ranked(people, query).map(({ name }) => name);

describe("ranking", () => {
  it("puts names that begin so before those with a later word that does", () => {
    expect(names("ad")).toEqual(["Ada Lovelace", "Adele Goldberg", "Alan Ada-Smith"]);
  });

  it("ignores accents and case", () => {
    expect(names("EMILE")).toEqual(["Émile Zola"]);
    expect(names("émi")).toEqual(["Émile Zola"]);
    expect(ranked([{ name: "Zoe" }], "zoë")).toHaveLength(1);
  });

  it("lets letters jump between words, after everything that is more likely", () => {
    expect(names("alo")).toEqual(["Ada Lovelace"]);
    expect(names("gh")).toEqual(["Grace Hopper"]);
    expect(names("as")).toEqual(["Alan Ada-Smith"]);
    expect(names("rc")).toEqual([]);
  });

  it("reads several words as one", () => {
    expect(names("ada lo")).toEqual(["Ada Lovelace"]);
    expect(names("ada ")).toEqual(["Ada Lovelace", "Alan Ada-Smith"]);
  });

  it("keeps the order among equals", () => {
    expect(names("").slice(0, 2)).toEqual(["Grace Hopper", "Ada Lovelace"]);
  });
});

describe("completing", () => {
  const complete = (query: string) => completed(ranked(people, query), query)?.name;

  it("takes a name that is written out, though others begin so", () => {
    expect(completed(ranked([{ name: "Ada" }, { name: "Adam" }], "ada"), "ada")?.name).toBe("Ada");
  });

  it("takes the only one that begins so", () => {
    expect(complete("grace")).toBe("Grace Hopper");
    expect(complete("zola")).toBe("Émile Zola");
  });

  it("takes none of several, nor one that merely resembles", () => {
    expect(complete("ad")).toBeUndefined();
    expect(complete("gh")).toBeUndefined();
    expect(completed([], "ada")).toBeNull();
  });
});

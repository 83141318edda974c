import { expect, it } from "vitest";
import { mayMention, triggerAt } from "./trigger";

it("asks for people after @ and a letter", () => {
  expect(triggerAt("Hi @ad", true)).toEqual({ kind: "person", query: "ad", from: 3 });
  expect(triggerAt("@É", false)).toEqual({ kind: "person", query: "É", from: 0 });
  expect(triggerAt("(@ada lov", false)).toEqual({ kind: "person", query: "ada lov", from: 1 });
  expect(triggerAt("@ada ", false)?.query).toBe("ada ");
});

it("leaves addresses, numbers and lone signs alone", () => {
  for (const line of ["ada@example", "@", "@ ada", "@1", "@@ada", "a @ b", "@a b c d e f"]) {
    expect(triggerAt(line, true)).toBeNull();
  }
});

it("asks for sounds only where /play begins the message", () => {
  expect(triggerAt("/play ", true)).toEqual({ kind: "sound", query: "", from: 6 });
  expect(triggerAt("/play be", true)?.query).toBe("be");
  expect(triggerAt("/play be", false)).toBeNull();
  expect(triggerAt("say /play be", true)).toBeNull();
  expect(triggerAt("/play bell now", true)).toBeNull();
});

it("knows when names will be wanted", () => {
  expect(mayMention("Hi @")).toBe(true);
  expect(mayMention("Hi@")).toBe(false);
});

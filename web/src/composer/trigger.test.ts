import { expect, it } from "vitest";
import { mayMention, triggerAt } from "./trigger";

it("suggests people after @ and a character", () => {
  expect(triggerAt("Hi @ad", true)).toEqual({ kind: "person", query: "ad", from: 3 });
  expect(triggerAt("@É", false)).toEqual({ kind: "person", query: "É", from: 0 });
  expect(triggerAt("(@ada lov", false)).toEqual({ kind: "person", query: "ada lov", from: 1 });
  expect(triggerAt("@ada ", false)?.query).toBe("ada ");
});

it("ignores email addresses, numbers and lone signs", () => {
  for (const line of ["ada@example", "@", "@ ada", "@1", "@@ada", "a @ b", "@a b c d e f"]) {
    expect(triggerAt(line, true)).toBeNull();
  }
});

it("suggests sounds only where /play starts the message", () => {
  expect(triggerAt("/play ", true)).toEqual({ kind: "sound", query: "", from: 6 });
  expect(triggerAt("/play be", true)?.query).toBe("be");
  expect(triggerAt("/play be", false)).toBeNull();
  expect(triggerAt("say /play be", true)).toBeNull();
  expect(triggerAt("/play bell now", true)).toBeNull();
});

it("detects that a mention may follow", () => {
  expect(mayMention("Hi @")).toBe(true);
  expect(mayMention("Hi@")).toBe(false);
});

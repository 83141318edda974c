import "fake-indexeddb/auto";
import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Problem, Unreachable } from "../api/problem";
import { forgetUser, noteUser } from "../storage/current-user";
import { dropKept } from "./clear-offline-data";
import { keepFor } from "./persister";
import { isAway, isKept, orKept } from "./read-fallback";
import { openKept } from "./response-store";

const key = ["rooms"] as const;
const ada = 1;
const grace = 2;
const gone = () => Promise.reject(new Unreachable());

let cache: QueryClient;

beforeEach(() => {
  cache = new QueryClient();
  noteUser(ada);
});

afterEach(async () => {
  vi.useRealTimers();
  await dropKept(null);
  forgetUser();
});

async function keep(data: unknown, userId = ada, name = "rooms") {
  await (await openKept())?.put({ userId, key: name, data, savedAt: 1_000 });
}

/** Lets the test say when what was gathered is written. */
function faked() {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  return () => vi.advanceTimersByTimeAsync(2_000);
}

async function names(userId = ada) {
  return ((await (await openKept())?.all(userId)) ?? []).map((kept) => kept.key);
}

it("answers from the device while the server cannot be reached, and says so", async () => {
  await keep(["kept"]);
  expect(await orKept(cache, key, gone)).toEqual(["kept"]);
  expect(isAway()).toBe(true);
  expect(isKept('["rooms"]')).toBe(true);
});

it("prefers the server, and asks it for everything anew once it is back", async () => {
  await keep(["kept"]);
  await keep({ id: ada }, ada, "me");
  cache.setQueryData(["rooms"], await orKept(cache, key, gone));
  cache.setQueryData(["me"], await orKept(cache, ["me"], gone));
  expect(await orKept(cache, key, async () => ["fresh"])).toEqual(["fresh"]);
  expect(isAway()).toBe(false);
  expect(isKept('["rooms"]')).toBe(false);
  expect(cache.getQueryState(["me"])?.isInvalidated).toBe(true);
  expect(cache.getQueryState(["rooms"])?.isInvalidated).toBe(false);
});

it("does not wait for ever for a network that swallows everything", async () => {
  await keep(["kept"]);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const answer = orKept(cache, key, () => new Promise<string[]>(() => {}));
  await vi.advanceTimersByTimeAsync(4_000);
  vi.useRealTimers();
  expect(await answer).toEqual(["kept"]);
});

it("takes a refusal for what it is", async () => {
  await keep(["kept"]);
  const refused = () => Promise.reject(new Problem(404, "gone"));
  await expect(orKept(cache, key, refused)).rejects.toThrow("gone");
});

it("leaves what is on the page as it is", async () => {
  await keep(["kept"]);
  cache.setQueryData(key, ["seen"]);
  await expect(orKept(cache, key, gone)).rejects.toThrow(Unreachable);
  expect(isAway()).toBe(false);
});

it("says what went wrong where nothing was kept, or only for somebody else", async () => {
  await keep(["of Grace"], grace);
  await expect(orKept(cache, key, gone)).rejects.toThrow(Unreachable);
  forgetUser();
  await keep(["of Ada"], ada);
  await expect(orKept(cache, key, gone)).rejects.toThrow(Unreachable);
});

it("keeps what the page learns, but nothing after a sign-out", async () => {
  const write = faked();
  const stop = keepFor(cache, ada);
  cache.setQueryData(["rooms"], [{ id: 7 }]);
  cache.setQueryData(["messages", 7], { messages: [], atStart: true, atEnd: true });
  cache.setQueryData(["people"], ["nobody’s business"]);
  await write();
  await expect.poll(names).toEqual(["messages/7", "rooms"]);
  cache.setQueryData(["me"], { id: ada });
  forgetUser();
  await dropKept(null);
  cache.setQueryData(["account"], { name: "x" });
  await write();
  expect(await names()).toEqual([]);
  stop();
});

it("drops the windows of rooms that one was taken out of", async () => {
  const write = faked();
  const stop = keepFor(cache, ada);
  await keep({ messages: [], atStart: true, atEnd: true }, ada, "messages/8");
  cache.setQueryData(["rooms"], [{ id: 7 }]);
  await write();
  await expect.poll(names).toEqual(["rooms"]);
  stop();
});

it("does not pass off as new what it read from the device", async () => {
  await keep(["kept"]);
  const write = faked();
  const stop = keepFor(cache, ada);
  cache.setQueryData(key, await orKept(cache, key, gone));
  cache.setQueryData(["me"], { id: ada });
  await write();
  await expect.poll(names).toContain("me");
  expect((await (await openKept())?.get(ada, "rooms"))?.savedAt).toBe(1_000);
  stop();
});

it("leaves nothing of anybody else when somebody signs in", async () => {
  await keep(["of Ada"]);
  await keep(["of Grace"], grace);
  await dropKept(grace);
  expect(await names(ada)).toEqual([]);
  expect(await names(grace)).toEqual(["rooms"]);
});

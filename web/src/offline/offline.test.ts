import "fake-indexeddb/auto";
import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Problem, Unreachable } from "../api/problem";
import { clearCurrentUserId, setCurrentUserId } from "../storage/current-user";
import { clearOfflineData } from "./clear-offline-data";
import { persistQueries } from "./persister";
import { isFromCache, isServerUnreachable, withCachedFallback } from "./read-fallback";
import { openResponseStore } from "./response-store";

const key = ["rooms"] as const;
const ada = 1;
const grace = 2;
const gone = () => Promise.reject(new Unreachable());

let cache: QueryClient;

beforeEach(() => {
  cache = new QueryClient();
  setCurrentUserId(ada);
});

afterEach(async () => {
  vi.useRealTimers();
  await clearOfflineData(null);
  clearCurrentUserId();
});

async function keep(data: unknown, userId = ada, name = "rooms") {
  await (await openResponseStore())?.put({ userId, key: name, data, savedAt: 1_000 });
}

/** Lets the test trigger pending writes. */
function faked() {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  return () => vi.advanceTimersByTimeAsync(2_000);
}

async function names(userId = ada) {
  return ((await (await openResponseStore())?.all(userId)) ?? []).map((kept) => kept.key);
}

it("serves cached responses while the server is unreachable, and reports it", async () => {
  await keep(["kept"]);
  expect(await withCachedFallback(cache, key, gone)).toEqual(["kept"]);
  expect(isServerUnreachable()).toBe(true);
  expect(isFromCache('["rooms"]')).toBe(true);
});

it("prefers the server, and refetches everything once it is reachable", async () => {
  await keep(["kept"]);
  await keep({ id: ada }, ada, "me");
  cache.setQueryData(["rooms"], await withCachedFallback(cache, key, gone));
  cache.setQueryData(["me"], await withCachedFallback(cache, ["me"], gone));
  expect(await withCachedFallback(cache, key, async () => ["fresh"])).toEqual(["fresh"]);
  expect(isServerUnreachable()).toBe(false);
  expect(isFromCache('["rooms"]')).toBe(false);
  expect(cache.getQueryState(["me"])?.isInvalidated).toBe(true);
  expect(cache.getQueryState(["rooms"])?.isInvalidated).toBe(false);
});

it("stops waiting for a network that does not respond", async () => {
  await keep(["kept"]);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const answer = withCachedFallback(cache, key, () => new Promise<string[]>(() => {}));
  await vi.advanceTimersByTimeAsync(4_000);
  vi.useRealTimers();
  expect(await answer).toEqual(["kept"]);
});

it("does not hide an error of the server", async () => {
  await keep(["kept"]);
  const refused = () => Promise.reject(new Problem(404, "gone"));
  await expect(withCachedFallback(cache, key, refused)).rejects.toThrow("gone");
});

it("does not replace data that is loaded", async () => {
  await keep(["kept"]);
  cache.setQueryData(key, ["seen"]);
  await expect(withCachedFallback(cache, key, gone)).rejects.toThrow(Unreachable);
  expect(isServerUnreachable()).toBe(false);
});

it("throws the original error if nothing is cached for this user", async () => {
  await keep(["of Grace"], grace);
  await expect(withCachedFallback(cache, key, gone)).rejects.toThrow(Unreachable);
  clearCurrentUserId();
  await keep(["of Ada"], ada);
  await expect(withCachedFallback(cache, key, gone)).rejects.toThrow(Unreachable);
});

it("caches query data, but nothing after signing out", async () => {
  const write = faked();
  const stop = persistQueries(cache, ada);
  cache.setQueryData(["rooms"], [{ id: 7 }]);
  cache.setQueryData(["messages", 7], { messages: [], atStart: true, atEnd: true });
  cache.setQueryData(["people"], ["not cached"]);
  await write();
  await expect.poll(names).toEqual(["messages/7", "rooms"]);
  cache.setQueryData(["me"], { id: ada });
  clearCurrentUserId();
  await clearOfflineData(null);
  cache.setQueryData(["account"], { name: "x" });
  await write();
  expect(await names()).toEqual([]);
  stop();
});

it("deletes the cached messages of rooms that the user has left", async () => {
  const write = faked();
  const stop = persistQueries(cache, ada);
  await keep({ messages: [], atStart: true, atEnd: true }, ada, "messages/8");
  cache.setQueryData(["rooms"], [{ id: 7 }]);
  await write();
  await expect.poll(names).toEqual(["rooms"]);
  stop();
});

it("does not cache again what it read from the cache", async () => {
  await keep(["kept"]);
  const write = faked();
  const stop = persistQueries(cache, ada);
  cache.setQueryData(key, await withCachedFallback(cache, key, gone));
  cache.setQueryData(["me"], { id: ada });
  await write();
  await expect.poll(names).toContain("me");
  expect((await (await openResponseStore())?.get(ada, "rooms"))?.savedAt).toBe(1_000);
  stop();
});

it("deletes the data of other users on sign-in", async () => {
  await keep(["of Ada"]);
  await keep(["of Grace"], grace);
  await clearOfflineData(grace);
  expect(await names(ada)).toEqual([]);
  expect(await names(grace)).toEqual(["rooms"]);
});

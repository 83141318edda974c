import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import type { DBSchema, IDBPDatabase } from "idb";
import { beforeEach, expect, it, vi } from "vitest";
import { openReconnectingDatabase } from "./indexed-db";
import { TimedOut } from "./with-timeout";

interface Schema extends DBSchema {
  words: { key: string; value: string };
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

const open = () =>
  openReconnectingDatabase<Schema>("test", (fresh) => fresh.createObjectStore("words"));
const read = (database: IDBPDatabase<Schema>) => database.get("words", "one");

it("reopens the database when the browser has closed the connection", async () => {
  const use = await open();
  await use((database) => database.put("words", "kept", "one"));
  // A closed connection throws the same error as one that the browser has ended.
  await use(async (database) => database.close());
  expect(await use(read)).toBe("kept");
  const lost = vi.fn(read).mockRejectedValueOnce(new DOMException("lost", "UnknownError"));
  expect(await use(lost)).toBe("kept");
  expect(lost).toHaveBeenCalledTimes(2);
});

it("retries once, and only when the connection was closed", async () => {
  const use = await open();
  const lost = vi.fn().mockRejectedValue(new DOMException("lost", "UnknownError"));
  await expect(use(lost)).rejects.toThrow("lost");
  expect(lost).toHaveBeenCalledTimes(2);
  const full = vi.fn().mockRejectedValue(new DOMException("full", "QuotaExceededError"));
  await expect(use(full)).rejects.toThrow("full");
  expect(full).toHaveBeenCalledOnce();
});

it("stops waiting for a database that does not reopen", async () => {
  const use = await open();
  await use(async (database) => database.close());
  const opening = vi.spyOn(indexedDB, "open").mockReturnValue(new IDBOpenDBRequest());
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  for (const _attempt of ["the one that finds out", "the next one"]) {
    const failed = expect(use(read)).rejects.toThrow(TimedOut);
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1), { interval: 0 });
    await vi.advanceTimersByTimeAsync(3_000);
    await failed;
  }
  expect(opening).toHaveBeenCalledOnce();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it("closes the connection so that the database can be deleted, recreates it and reports the loss", async () => {
  const lost = vi.fn();
  const use = await openReconnectingDatabase<Schema>(
    "test",
    (fresh) => fresh.createObjectStore("words"),
    lost,
  );
  await use((database) => database.put("words", "kept", "one"));
  await new Promise((done, failed) => {
    const deleting = indexedDB.deleteDatabase("test");
    deleting.onsuccess = done;
    deleting.onerror = failed;
  });
  expect(lost).not.toHaveBeenCalled();
  expect(await use(read)).toBeUndefined();
  expect(lost).toHaveBeenCalledOnce();
});

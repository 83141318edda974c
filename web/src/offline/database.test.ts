import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import type { DBSchema, IDBPDatabase } from "idb";
import { beforeEach, expect, it, vi } from "vitest";
import { openLasting } from "./database";

interface Schema extends DBSchema {
  words: { key: string; value: string };
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

const open = () => openLasting<Schema>("test", (fresh) => fresh.createObjectStore("words"));
const read = (database: IDBPDatabase<Schema>) => database.get("words", "one");

it("opens the database anew when the browser has ended the connection", async () => {
  const use = await open();
  await use((database) => database.put("words", "kept", "one"));
  // What is closed answers as what the browser has ended does.
  await use(async (database) => database.close());
  expect(await use(read)).toBe("kept");
  const lost = vi.fn(read).mockRejectedValueOnce(new DOMException("lost", "UnknownError"));
  expect(await use(lost)).toBe("kept");
  expect(lost).toHaveBeenCalledTimes(2);
});

it("tries once, and only for want of a connection", async () => {
  const use = await open();
  const lost = vi.fn().mockRejectedValue(new DOMException("lost", "UnknownError"));
  await expect(use(lost)).rejects.toThrow("lost");
  expect(lost).toHaveBeenCalledTimes(2);
  const full = vi.fn().mockRejectedValue(new DOMException("full", "QuotaExceededError"));
  await expect(use(full)).rejects.toThrow("full");
  expect(full).toHaveBeenCalledOnce();
});

it("lets go of the database when it is to be deleted, and makes it anew", async () => {
  const use = await open();
  await use((database) => database.put("words", "kept", "one"));
  await new Promise((done, failed) => {
    const deleting = indexedDB.deleteDatabase("test");
    deleting.onsuccess = done;
    deleting.onerror = failed;
  });
  expect(await use(read)).toBeUndefined();
});

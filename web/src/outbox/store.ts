import type { DBSchema, IDBPDatabase } from "idb";
import { openLasting } from "../storage/indexed-db";
import { inTime } from "../storage/with-timeout";
import type { Entry } from "./entry";

/** Where entries survive a closed tab. */
export interface OutboxStore {
  /** False for one that ends with this tab. */
  readonly isLasting: boolean;
  /** Everything this person has not got rid of, in the order of sending. */
  all(userId: number): Promise<Entry[]>;
  get(clientMessageId: string): Promise<Entry | undefined>;
  put(entry: Entry): Promise<void>;
  remove(clientMessageId: string): Promise<void>;
  /** Calls `listener` when everything in it is gone, because the browser or somebody deleted it. */
  onLost(listener: () => void): void;
}

interface Schema extends DBSchema {
  entries: { key: string; value: Entry; indexes: { user: number } };
}

const databaseName = "campfire-outbox";

/** How long the browser may take to open its database, in milliseconds: there is no page until it is decided. */
const patience = 5_000;

/** The browser's database, or this tab's memory where the browser offers none (some private windows). */
export async function openStore(): Promise<OutboxStore> {
  try {
    return await inTime(openStored(), patience);
  } catch (error) {
    console.warn("Messages that wait to be sent won't survive closing this tab.", error);
    return remembered();
  }
}

async function openStored(): Promise<OutboxStore> {
  const listeners = new Set<() => void>();
  const make = (fresh: IDBPDatabase<Schema>) => {
    const entries = fresh.createObjectStore("entries", { keyPath: "clientMessageId" });
    entries.createIndex("user", "userId");
  };
  const use = await openLasting<Schema>(databaseName, make, () => {
    for (const listener of listeners) listener();
  });
  return {
    isLasting: true,
    all: async (userId) =>
      inOrder(await use((database) => database.getAllFromIndex("entries", "user", userId))),
    get: (clientMessageId) => use((database) => database.get("entries", clientMessageId)),
    put: async (entry) => {
      await use((database) => database.put("entries", entry));
    },
    remove: (clientMessageId) => use((database) => database.delete("entries", clientMessageId)),
    onLost: (listener) => {
      listeners.add(listener);
    },
  };
}

function remembered(): OutboxStore {
  const entries = new Map<string, Entry>();
  return {
    isLasting: false,
    all: async (userId) =>
      inOrder([...entries.values()].filter((entry) => entry.userId === userId)),
    get: async (clientMessageId) => entries.get(clientMessageId),
    put: async (entry) => {
      entries.set(entry.clientMessageId, entry);
    },
    remove: async (clientMessageId) => {
      entries.delete(clientMessageId);
    },
    onLost: () => {},
  };
}

function inOrder(entries: Entry[]): Entry[] {
  return entries.sort((a, b) => a.position - b.position);
}

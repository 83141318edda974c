import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { inTime } from "../offline/in-time";
import type { Entry } from "./entry";

/** Where entries survive a closed tab. */
export interface OutboxStore {
  /** Everything this person has not got rid of, in the order of sending. */
  all(userId: number): Promise<Entry[]>;
  get(clientMessageId: string): Promise<Entry | undefined>;
  put(entry: Entry): Promise<void>;
  remove(clientMessageId: string): Promise<void>;
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
    return stored(await inTime(openDatabase(), patience));
  } catch (error) {
    console.warn("Messages that wait to be sent won't survive closing this tab.", error);
    return remembered();
  }
}

function openDatabase(): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>(databaseName, 1, {
    upgrade(database) {
      const entries = database.createObjectStore("entries", { keyPath: "clientMessageId" });
      entries.createIndex("user", "userId");
    },
  });
}

function stored(database: IDBPDatabase<Schema>): OutboxStore {
  return {
    all: async (userId) => inOrder(await database.getAllFromIndex("entries", "user", userId)),
    get: (clientMessageId) => database.get("entries", clientMessageId),
    put: async (entry) => {
      await database.put("entries", entry);
    },
    remove: (clientMessageId) => database.delete("entries", clientMessageId),
  };
}

function remembered(): OutboxStore {
  const entries = new Map<string, Entry>();
  return {
    all: async (userId) =>
      inOrder([...entries.values()].filter((entry) => entry.userId === userId)),
    get: async (clientMessageId) => entries.get(clientMessageId),
    put: async (entry) => {
      entries.set(entry.clientMessageId, entry);
    },
    remove: async (clientMessageId) => {
      entries.delete(clientMessageId);
    },
  };
}

function inOrder(entries: Entry[]): Entry[] {
  return entries.sort((a, b) => a.position - b.position);
}

import type { DBSchema, IDBPDatabase } from "idb";
import { openReconnectingDatabase } from "../storage/indexed-db";
import { withTimeout } from "../storage/with-timeout";
import type { OutboxEntry } from "./entry";

/** Storage for entries that survives closing the tab. */
export interface OutboxStore {
  /** False if the entries are lost with this tab. */
  readonly isPersistent: boolean;
  /** The user's entries, in sending order. */
  all(userId: number): Promise<OutboxEntry[]>;
  get(clientMessageId: string): Promise<OutboxEntry | undefined>;
  put(entry: OutboxEntry): Promise<void>;
  remove(clientMessageId: string): Promise<void>;
  /**
   * Calls `listener` when the store was emptied because the browser or the user deleted its data.
   */
  onLost(listener: () => void): void;
}

interface Schema extends DBSchema {
  entries: { key: string; value: OutboxEntry; indexes: { user: number } };
}

const databaseName = "campfire-outbox";

/** How long opening the database may take, in milliseconds: the app does not render before. */
const openTimeout = 5_000;

/**
 * Opens the IndexedDB store, or one in memory if the browser offers no storage (some private
 * windows).
 */
export async function openStore(): Promise<OutboxStore> {
  try {
    return await withTimeout(openDatabaseStore(), openTimeout);
  } catch (error) {
    console.warn(
      "Failed to open the outbox database; unsent messages are lost when this tab is closed.",
      error,
    );
    return memoryStore();
  }
}

async function openDatabaseStore(): Promise<OutboxStore> {
  const listeners = new Set<() => void>();
  const make = (fresh: IDBPDatabase<Schema>) => {
    const entries = fresh.createObjectStore("entries", { keyPath: "clientMessageId" });
    entries.createIndex("user", "userId");
  };
  const use = await openReconnectingDatabase<Schema>(databaseName, make, () => {
    for (const listener of listeners) listener();
  });
  return {
    isPersistent: true,
    all: async (userId) =>
      byPosition(await use((database) => database.getAllFromIndex("entries", "user", userId))),
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

function memoryStore(): OutboxStore {
  const entries = new Map<string, OutboxEntry>();
  return {
    isPersistent: false,
    all: async (userId) =>
      byPosition([...entries.values()].filter((entry) => entry.userId === userId)),
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

function byPosition(entries: OutboxEntry[]): OutboxEntry[] {
  return entries.sort((a, b) => a.position - b.position);
}

// The IndexedDB store of server responses for offline use.
import type { DBSchema } from "idb";
import { openReconnectingDatabase } from "../storage/indexed-db";
import { withTimeout } from "../storage/with-timeout";

/** A cached response. */
export interface CachedResponse {
  /** Responses belong to a user: other users of this device never see them. */
  userId: number;
  /** See `cacheKey`. */
  key: string;
  data: unknown;
  /** Milliseconds since the epoch, by this device's clock. */
  savedAt: number;
}

export interface ResponseStore {
  get(userId: number, key: string): Promise<CachedResponse | undefined>;
  all(userId: number): Promise<CachedResponse[]>;
  put(response: CachedResponse): Promise<void>;
  remove(userId: number, key: string): Promise<void>;
  /** Deletes the responses of all other users; null deletes all. */
  deleteExcept(userId: number | null): Promise<void>;
}

interface Schema extends DBSchema {
  answers: { key: [number, string]; value: CachedResponse; indexes: { user: number } };
}

const databaseName = "campfire-offline";

/** How long opening the database may take, in milliseconds. */
const openTimeout = 3_000;

let opened: Promise<ResponseStore | null> | undefined;

/**
 * Null if the browser offers no storage (some private windows): then nothing is available offline.
 */
export function openResponseStore(): Promise<ResponseStore | null> {
  opened ??= openWithTimeout();
  return opened;
}

function openWithTimeout(): Promise<ResponseStore | null> {
  const opening = open();
  return withTimeout(opening, openTimeout).catch((error) => {
    console.warn("Failed to open the offline cache; nothing is available offline.", error);
    // It may only be slow. Later calls get it: its data must be deletable on sign-out.
    opening.then(
      (store) => {
        opened = Promise.resolve(store);
      },
      () => undefined,
    );
    return null;
  });
}

async function open(): Promise<ResponseStore> {
  const use = await openReconnectingDatabase<Schema>(databaseName, (fresh) => {
    const answers = fresh.createObjectStore("answers", { keyPath: ["userId", "key"] });
    answers.createIndex("user", "userId");
  });
  return {
    get: (userId, key) => use((database) => database.get("answers", [userId, key])),
    all: (userId) => use((database) => database.getAllFromIndex("answers", "user", userId)),
    put: async (response) => {
      await use((database) => database.put("answers", response));
    },
    remove: (userId, key) => use((database) => database.delete("answers", [userId, key])),
    deleteExcept: (userId) =>
      use(async (database) => {
        const transaction = database.transaction("answers", "readwrite");
        for (const key of await transaction.store.getAllKeys()) {
          if (key[0] !== userId) await transaction.store.delete(key);
        }
        await transaction.done;
      }),
  };
}

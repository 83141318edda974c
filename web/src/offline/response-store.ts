// What this device keeps of the server's answers, for reading without a network: in the browser's database.
import type { DBSchema } from "idb";
import { openReconnectingDatabase } from "../storage/indexed-db";
import { withTimeout } from "../storage/with-timeout";

/** An answer as it was when it was last heard. */
export interface CachedResponse {
  /** Answers belong to a person: nobody else who uses this device sees them. */
  userId: number;
  /** Which question it answers. */
  key: string;
  data: unknown;
  /** Milliseconds since the epoch, by this device's clock. */
  savedAt: number;
}

export interface ResponseStore {
  get(userId: number, key: string): Promise<CachedResponse | undefined>;
  all(userId: number): Promise<CachedResponse[]>;
  put(kept: CachedResponse): Promise<void>;
  remove(userId: number, key: string): Promise<void>;
  /** Forgets what belongs to anybody else; with null, everything. */
  deleteExcept(userId: number | null): Promise<void>;
}

interface Schema extends DBSchema {
  answers: { key: [number, string]; value: CachedResponse; indexes: { user: number } };
}

const databaseName = "campfire-offline";

/** How long the browser may take to open its database, in milliseconds: nothing waits for it for ever. */
const openTimeout = 3_000;

let opened: Promise<ResponseStore | null> | undefined;

/** Null where the browser keeps nothing (some private windows): there is just no reading offline. */
export function openResponseStore(): Promise<ResponseStore | null> {
  opened ??= openWithTimeout();
  return opened;
}

function openWithTimeout(): Promise<ResponseStore | null> {
  const opening = open();
  return withTimeout(opening, openTimeout).catch((error) => {
    console.warn("Nothing can be read offline on this device.", error);
    // It may only be slow. Whoever asks later has it: what it keeps must go when somebody signs out.
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
    put: async (kept) => {
      await use((database) => database.put("answers", kept));
    },
    remove: (userId, key) => use((database) => database.delete("answers", [userId, key])),
    deleteExcept: (userId) =>
      use(async (database) => {
        const dropping = database.transaction("answers", "readwrite");
        for (const key of await dropping.store.getAllKeys()) {
          if (key[0] !== userId) await dropping.store.delete(key);
        }
        await dropping.done;
      }),
  };
}

// What waits to be sent, on this device's disk: it survives a closed tab and a dead network.
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

/** A message that its server has not acknowledged. */
export interface Entry {
  /** The client_message_id: sending twice is harmless. */
  id: string;
  /** Who wrote it; nobody else's browser session sends it. */
  user: number;
  room: number;
  text: string;
  /** When it was written, ISO 8601. */
  at: string;
  /** Order of writing on this device. */
  sequence: number;
  /** Why it was refused; such an entry waits for its author. */
  refused?: string;
}

interface Schema extends DBSchema {
  entries: { key: string; value: Entry };
}

let opened: Promise<IDBPDatabase<Schema>> | undefined;

function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>('campfire-outbox', 1, {
    upgrade: (db) => void db.createObjectStore('entries', { keyPath: 'id' }),
  });
  return opened;
}

export const store = {
  all: async (): Promise<Entry[]> => (await database()).getAll('entries'),
  has: async (id: string): Promise<boolean> => (await (await database()).getKey('entries', id)) !== undefined,
  put: async (entry: Entry): Promise<void> => void (await (await database()).put('entries', entry)),
  remove: async (id: string): Promise<void> => (await database()).delete('entries', id),
};

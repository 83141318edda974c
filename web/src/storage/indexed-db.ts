// An IndexedDB database that is reopened when the browser closes the connection, as Safari does for
// pages that were in the background for a while.
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { withTimeout } from "./with-timeout";

/** How long reopening may take, in milliseconds. */
const openTimeout = 3_000;

/** Names of the errors that browsers throw when they have closed the connection. */
const connectionLostErrors = new Set(["InvalidStateError", "UnknownError", "AbortError"]);

/**
 * Runs `work` on the database, and runs it again if the connection turns out to be closed. `work`
 * must tolerate that.
 */
export type WithDatabase<Schema extends DBSchema> = <Result>(
  work: (database: IDBPDatabase<Schema>) => Promise<Result>,
) => Promise<Result>;

/**
 * Opens version 1 of a database, whose schema `make` creates. Rejects if the browser offers no
 * storage. Calls `onLost` when the database had to be recreated because it was deleted in the
 * meantime, with everything in it.
 */
export async function openReconnectingDatabase<Schema extends DBSchema>(
  name: string,
  make: (fresh: IDBPDatabase<Schema>) => void,
  onLost: () => void = () => {},
): Promise<WithDatabase<Schema>> {
  let opening: Promise<IDBPDatabase<Schema>> | null = null;
  let wasThere = false;

  const open = (): Promise<IDBPDatabase<Schema>> => {
    if (opening) return opening;
    const clearConnection = () => {
      if (opening === connection) opening = null;
    };
    const connection = openDB<Schema>(name, 1, {
      upgrade: (fresh) => {
        make(fresh);
        if (wasThere) onLost();
      },
      // Clearing the site's data, or another version of this page, must not have to wait for this
      // connection.
      blocking: () => {
        clearConnection();
        connection.then((database) => database.close());
      },
      terminated: clearConnection,
    });
    connection.catch(clearConnection);
    opening = connection;
    return connection;
  };

  await open();
  wasThere = true;
  return async (work) => {
    const used = open();
    try {
      return await work(await withTimeout(used, openTimeout));
    } catch (error) {
      if (!(error instanceof Error) || !connectionLostErrors.has(error.name)) throw error;
      if (opening === used) opening = null;
      used.then((database) => database.close()).catch(() => undefined);
      return work(await withTimeout(open(), openTimeout));
    }
  };
}

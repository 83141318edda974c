// A database of the browser that is opened anew when the browser ends the connection, as Safari does to pages that were
// asleep for a while.
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { withTimeout } from "./with-timeout";

/** How long the browser may take to open it anew, in milliseconds. */
const openTimeout = 3_000;

/** What browsers say of a connection that they have ended. */
const connectionLostErrors = new Set(["InvalidStateError", "UnknownError", "AbortError"]);

/** Does some work with the database; once more if the connection turns out to have ended, which the work must bear. */
export type WithDatabase<Schema extends DBSchema> = <Result>(
  work: (database: IDBPDatabase<Schema>) => Promise<Result>,
) => Promise<Result>;

/**
 * Opens a database in its first version, made by `make`. Fails where the browser keeps nothing. `onLost` is called when it
 * had to be made anew, because it was deleted meanwhile: what was in it is gone.
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
    const forget = () => {
      if (opening === mine) opening = null;
    };
    const mine = openDB<Schema>(name, 1, {
      upgrade: (fresh) => {
        make(fresh);
        if (wasThere) onLost();
      },
      // Whoever clears the site's data, or another version of this page, must not wait for us.
      blocking: () => {
        forget();
        mine.then((database) => database.close());
      },
      terminated: forget,
    });
    mine.catch(forget);
    opening = mine;
    return mine;
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

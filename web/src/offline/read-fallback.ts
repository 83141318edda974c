// Answers from this device where the server gives none.
import { hashKey, type QueryClient, type QueryKey } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { isPassing } from "../api/problem";
import { notedUser } from "../storage/current-user";
import { inTime, TooSlow } from "../storage/with-timeout";
import { nameOf } from "./cache-policy";
import { openKept } from "./response-store";

/** How long the network may take, in milliseconds, and how long once it was found wanting. */
const patience = 4_000;
const shortPatience = 500;

/** The questions whose answers are from this device, and from when they are. */
const kept = new Map<string, number>();
/** Whether the last that was asked for had to come from here. */
let away = false;
const listeners = new Set<() => void>();

/** Whether the server could not be reached, so that the page stands on what this device kept. */
export function isAway(): boolean {
  return away;
}

/** Whether this answer is from the device. */
export function isKept(queryHash: string): boolean {
  return kept.has(queryHash);
}

/** From when an answer is that came from this device, in milliseconds since the epoch; null for one of the server's. */
export function useKeptSince(queryKey: QueryKey): number | null {
  const hash = hashKey(queryKey);
  return useSyncExternalStore(listen, () => kept.get(hash) ?? null);
}

/** The same, for showing it. */
export function useIsAway(): boolean {
  return useSyncExternalStore(listen, isAway);
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function change(how: () => void) {
  how();
  for (const listener of listeners) listener();
}

/** The server's answer, or the one that this device kept while the server cannot be reached. */
export async function orKept<Data>(
  cache: QueryClient,
  queryKey: QueryKey,
  ask: () => Promise<Data>,
): Promise<Data> {
  const hash = hashKey(queryKey);
  const asked = ask();
  // What is on the page already stays there by itself.
  const isKnown = cache.getQueryData(queryKey) !== undefined;
  try {
    const fresh = await (isKnown ? asked : inTime(asked, isAway() ? shortPatience : patience));
    arrived(cache, hash);
    return fresh;
  } catch (error) {
    if (isKnown || !(error instanceof TooSlow || isPassing(error))) throw error;
    const found = await read(nameOf(queryKey));
    if (!found) return asked;
    asked.catch(() => undefined);
    change(() => {
      away = true;
      kept.set(hash, found.savedAt);
    });
    return found.data as Data;
  }
}

/** Forgets that anything was read from here, as when somebody else signs in. */
export function forgetReading() {
  change(() => {
    away = false;
    kept.clear();
  });
}

/** The server is there again: whatever else is from this device is asked anew. */
function arrived(cache: QueryClient, hash: string) {
  if (kept.has(hash)) change(() => kept.delete(hash));
  if (!away) return;
  change(() => {
    away = false;
  });
  cache.invalidateQueries({ predicate: ({ queryHash }) => kept.has(queryHash) });
}

async function read(key: string) {
  const userId = notedUser();
  if (userId === null) return undefined;
  // A database that does not answer keeps nobody from seeing what went wrong.
  return (await openKept())?.get(userId, key).catch(() => undefined);
}

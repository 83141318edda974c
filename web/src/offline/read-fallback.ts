// Answers from this device where the server gives none.
import { hashKey, type QueryClient, type QueryKey } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { isTransient } from "../api/problem";
import { currentUserId } from "../storage/current-user";
import { TimedOut, withTimeout } from "../storage/with-timeout";
import { cacheKey } from "./cache-policy";
import { openResponseStore } from "./response-store";

/** How long the network may take, in milliseconds, and how long once it was found wanting. */
const networkTimeout = 4_000;
const offlineTimeout = 500;

/** The questions whose answers are from this device, and from when they are. */
const cachedAt = new Map<string, number>();
/** Whether the last that was asked for had to come from here. */
let unreachable = false;
const listeners = new Set<() => void>();

/** Whether the server could not be reached, so that the page stands on what this device kept. */
export function isServerUnreachable(): boolean {
  return unreachable;
}

/** Whether this answer is from the device. */
export function isFromCache(queryHash: string): boolean {
  return cachedAt.has(queryHash);
}

/** From when an answer is that came from this device, in milliseconds since the epoch; null for one of the server's. */
export function useCachedAt(queryKey: QueryKey): number | null {
  const hash = hashKey(queryKey);
  return useSyncExternalStore(subscribe, () => cachedAt.get(hash) ?? null);
}

/** The same, for showing it. */
export function useIsServerUnreachable(): boolean {
  return useSyncExternalStore(subscribe, isServerUnreachable);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function update(how: () => void) {
  how();
  for (const listener of listeners) listener();
}

/** The server's answer, or the one that this device kept while the server cannot be reached. */
export async function withCachedFallback<Data>(
  cache: QueryClient,
  queryKey: QueryKey,
  fetchFresh: () => Promise<Data>,
): Promise<Data> {
  const hash = hashKey(queryKey);
  const pending = fetchFresh();
  // What is on the page already stays there by itself.
  const isKnown = cache.getQueryData(queryKey) !== undefined;
  try {
    const fresh = await (isKnown
      ? pending
      : withTimeout(pending, isServerUnreachable() ? offlineTimeout : networkTimeout));
    serverAnswered(cache, hash);
    return fresh;
  } catch (error) {
    if (isKnown || !(error instanceof TimedOut || isTransient(error))) throw error;
    const found = await read(cacheKey(queryKey));
    if (!found) return pending;
    pending.catch(() => undefined);
    update(() => {
      unreachable = true;
      cachedAt.set(hash, found.savedAt);
    });
    return found.data as Data;
  }
}

/** Forgets that anything was read from here, as when somebody else signs in. */
export function resetFallback() {
  update(() => {
    unreachable = false;
    cachedAt.clear();
  });
}

/** The server is there again: whatever else is from this device is asked anew. */
function serverAnswered(cache: QueryClient, hash: string) {
  if (cachedAt.has(hash)) update(() => cachedAt.delete(hash));
  if (!unreachable) return;
  update(() => {
    unreachable = false;
  });
  cache.invalidateQueries({ predicate: ({ queryHash }) => cachedAt.has(queryHash) });
}

async function read(key: string) {
  const userId = currentUserId();
  if (userId === null) return undefined;
  // A database that does not answer keeps nobody from seeing what went wrong.
  return (await openResponseStore())?.get(userId, key).catch(() => undefined);
}

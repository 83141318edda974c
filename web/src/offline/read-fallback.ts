// Serves cached responses while the server is unreachable.
import { hashKey, type QueryClient, type QueryKey } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { isTransient } from "../api/problem";
import { currentUserId } from "../storage/current-user";
import { TimedOut, withTimeout } from "../storage/with-timeout";
import { cacheKey } from "./cache-policy";
import { openResponseStore } from "./response-store";

/**
 * How long a request may take before the cached response is used, in milliseconds, and how long
 * while the server is known to be unreachable.
 */
const networkTimeout = 4_000;
const offlineTimeout = 500;

/**
 * The age of each query that is served from the cache: query hash to milliseconds since the epoch.
 */
const cachedAt = new Map<string, number>();
/** Whether the last response had to come from the cache. */
let unreachable = false;
const listeners = new Set<() => void>();

/** Whether the server was unreachable and the page shows cached data. */
export function isServerUnreachable(): boolean {
  return unreachable;
}

/** Whether this query is served from the cache. */
export function isFromCache(queryHash: string): boolean {
  return cachedAt.has(queryHash);
}

/**
 * When the data of this query was cached, in milliseconds since the epoch; null if it came from the
 * server.
 */
export function useCachedAt(queryKey: QueryKey): number | null {
  const hash = hashKey(queryKey);
  return useSyncExternalStore(subscribe, () => cachedAt.get(hash) ?? null);
}

/** The same as a hook. */
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

/** The server's response, or the cached one while the server is unreachable. */
export async function withCachedFallback<Data>(
  cache: QueryClient,
  queryKey: QueryKey,
  fetchFresh: () => Promise<Data>,
): Promise<Data> {
  const hash = hashKey(queryKey);
  const pending = fetchFresh();
  // Data that is loaded stays on the page anyway.
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

/** Resets the state, for example when another user signs in. */
export function resetFallback() {
  update(() => {
    unreachable = false;
    cachedAt.clear();
  });
}

/** The server is reachable again: refetches all queries that are served from the cache. */
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
  // If the database does not answer, the original error is shown.
  return (await openResponseStore())?.get(userId, key).catch(() => undefined);
}

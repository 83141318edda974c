// Writes query data to the offline cache, shortly after it changes.
import type { Query, QueryClient } from "@tanstack/react-query";
import type { Room } from "../api/types";
import { currentUserId } from "../storage/current-user";
import { cacheableData, cacheKey, keysToEvict } from "./cache-policy";
import { isFromCache } from "./read-fallback";
import { openResponseStore } from "./response-store";

/** How long changes are collected before they are written, in milliseconds. */
const writeDelay = 1_000;

/** Caches this user's query data. Returns a function that stops it. */
export function persistQueries(cache: QueryClient, userId: number): () => void {
  const changed = new Map<string, Query>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const write = async () => {
    clearTimeout(timer);
    timer = undefined;
    const queries = [...changed.values()];
    changed.clear();
    await writeAll(queries, userId).catch((error) => {
      // For example a full disk: what was cached before stays readable.
      console.warn("Failed to cache data for offline use.", error);
    });
  };
  const queueWrite = (query: Query) => {
    if (cacheableData(query.queryKey, query.state.data) === undefined) return;
    changed.set(query.queryHash, query);
    timer ??= setTimeout(write, writeDelay);
  };
  // Data that was loaded before this started is cached as well.
  for (const query of cache.getQueryCache().getAll()) queueWrite(query);
  const unsubscribe = cache.getQueryCache().subscribe((event) => {
    if (event.type === "updated" && event.action.type === "success") queueWrite(event.query);
  });
  // Phones end pages without notice; this is the last chance to write.
  const onVisibilityChange = () => {
    if (document.hidden) write();
  };
  document.addEventListener("visibilitychange", onVisibilityChange);
  return () => {
    clearTimeout(timer);
    changed.clear();
    unsubscribe();
    document.removeEventListener("visibilitychange", onVisibilityChange);
  };
}

async function writeAll(queries: readonly Query[], userId: number) {
  const store = await openResponseStore();
  if (!store) return;
  for (const { queryKey, queryHash, state } of queries) {
    const data = cacheableData(queryKey, state.data);
    // Data that was read from the cache keeps its age, and after signing out, in any tab, nothing
    // is cached.
    if (data === undefined || isFromCache(queryHash) || currentUserId() !== userId) continue;
    await store.put({ userId, key: cacheKey(queryKey), data, savedAt: state.dataUpdatedAt });
    if (queryKey[0] !== "rooms") continue;
    const all = await store.all(userId);
    for (const key of keysToEvict(all, state.data as Room[])) await store.remove(userId, key);
  }
}

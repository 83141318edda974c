// Keeps what the page learns on the device, a moment after it learned it.
import type { Query, QueryClient } from "@tanstack/react-query";
import type { Room } from "../api/types";
import { currentUserId } from "../storage/current-user";
import { cacheableData, cacheKey, keysToEvict } from "./cache-policy";
import { isFromCache } from "./read-fallback";
import { openResponseStore } from "./response-store";

/** How long changes are gathered before they are written, in milliseconds. */
const writeDelay = 1_000;

/** Keeps this person's answers until it is stopped. */
export function persistQueries(cache: QueryClient, userId: number): () => void {
  const changed = new Map<string, Query>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const write = async () => {
    clearTimeout(timer);
    timer = undefined;
    const queries = [...changed.values()];
    changed.clear();
    await writeAll(queries, userId).catch((error) => {
      // A full disc: what was kept before stays readable.
      console.warn("Something new isn’t kept for reading offline.", error);
    });
  };
  const queueWrite = (query: Query) => {
    if (cacheableData(query.queryKey, query.state.data) === undefined) return;
    changed.set(query.queryHash, query);
    timer ??= setTimeout(write, writeDelay);
  };
  // What was learned before somebody looked is worth as much.
  for (const query of cache.getQueryCache().getAll()) queueWrite(query);
  const unsubscribe = cache.getQueryCache().subscribe((event) => {
    if (event.type === "updated" && event.action.type === "success") queueWrite(event.query);
  });
  // Phones end pages without asking; this is the last they say.
  const turned = () => {
    if (document.hidden) write();
  };
  document.addEventListener("visibilitychange", turned);
  return () => {
    clearTimeout(timer);
    changed.clear();
    unsubscribe();
    document.removeEventListener("visibilitychange", turned);
  };
}

async function writeAll(queries: readonly Query[], userId: number) {
  const store = await openResponseStore();
  if (!store) return;
  for (const { queryKey, queryHash, state } of queries) {
    const data = cacheableData(queryKey, state.data);
    // What was read from here is as old as it was; and after a sign-out nothing is kept, whichever tab it happened in.
    if (data === undefined || isFromCache(queryHash) || currentUserId() !== userId) continue;
    await store.put({ userId, key: cacheKey(queryKey), data, savedAt: state.dataUpdatedAt });
    if (queryKey[0] !== "rooms") continue;
    const all = await store.all(userId);
    for (const key of keysToEvict(all, state.data as Room[])) await store.remove(userId, key);
  }
}

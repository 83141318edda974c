import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import { nextPageOptions, unwrapPage } from "../api/pagination";
import type { InboxItem } from "../api/types";

/** How many items are fetched at once. */
const pageSize = 40;

const key = ["inbox"] as const;

/** Where somebody mentioned me or replied to me, the latest first. */
export const inboxQuery = infiniteQueryOptions({
  queryKey: [...key, "list"],
  queryFn: ({ pageParam, signal }) => {
    const query = { limit: pageSize, ...pageParam };
    return unwrapPage<InboxItem>(api.GET("/api/v1/inbox", { params: { query }, signal }));
  },
  ...nextPageOptions,
});

/** How many of them I have not seen. */
export const inboxCountQuery = queryOptions({
  queryKey: [...key, "count"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/inbox/count", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Something came in, or was seen on another device. */
export function setInboxUnread(cache: QueryClient, unread: number) {
  cache.setQueryData(inboxCountQuery.queryKey, { unread });
  cache.invalidateQueries({ queryKey: inboxQuery.queryKey });
}

/** After a break: nobody knows what came in meanwhile. */
export function invalidateInbox(cache: QueryClient) {
  cache.invalidateQueries({ queryKey: key });
}

/** Tells the server that I have looked. */
export async function markInboxSeen(cache: QueryClient) {
  await unwrap(api.PUT("/api/v1/inbox/seen", {}));
  cache.setQueryData(inboxCountQuery.queryKey, { unread: 0 });
}

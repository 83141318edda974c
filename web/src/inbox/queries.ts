import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import { nextPageOptions, unwrapPage } from "../api/pagination";
import type { InboxItem } from "../api/types";

const pageSize = 40;

const key = ["inbox"] as const;

/** Mentions and replies, latest first. */
export const inboxQuery = infiniteQueryOptions({
  queryKey: [...key, "list"],
  queryFn: ({ pageParam, signal }) => {
    const query = { limit: pageSize, ...pageParam };
    return unwrapPage<InboxItem>(api.GET("/api/v1/inbox", { params: { query }, signal }));
  },
  ...nextPageOptions,
});

/** The number of unread items. */
export const inboxCountQuery = queryOptions({
  queryKey: [...key, "count"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/inbox/count", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Sets the unread count and invalidates the list. */
export function setInboxUnread(cache: QueryClient, unread: number) {
  cache.setQueryData(inboxCountQuery.queryKey, { unread });
  cache.invalidateQueries({ queryKey: inboxQuery.queryKey });
}

/** Invalidates all queries of the inbox, after missed events. */
export function invalidateInbox(cache: QueryClient) {
  cache.invalidateQueries({ queryKey: key });
}

/** Marks the inbox as read. */
export async function markInboxSeen(cache: QueryClient) {
  await unwrap(api.PUT("/api/v1/inbox/seen", {}));
  cache.setQueryData(inboxCountQuery.queryKey, { unread: 0 });
}

import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import type { Status, User } from "../api/types";
import { noteUser } from "./whose";

/** What anybody may know: whether Campfire is set up, and whether this browser is signed in. */
export const statusQuery = queryOptions({
  queryKey: ["status"],
  queryFn: ({ signal }) => answer(api.GET("/api/v1/status", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

/** The person who is signed in. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }) => {
    const me = await answer(api.GET("/api/v1/me", { signal }));
    noteUser(me.id);
    return me;
  },
  staleTime: Number.POSITIVE_INFINITY,
});

/** Forgets everything that another person could have seen here, and starts as `user`. */
export function beginSession(cache: QueryClient, user: User) {
  const status = cache.getQueryData(statusQuery.queryKey);
  cache.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "status" });
  cache.setQueryData(meQuery.queryKey, user);
  noteUser(user.id);
  if (status)
    cache.setQueryData(statusQuery.queryKey, { ...status, first_run: false, signed_in: true });
}

export function endSession(cache: QueryClient) {
  cache.setQueryData<Status>(
    statusQuery.queryKey,
    (status) => status && { ...status, signed_in: false },
  );
  cache.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "status" });
}

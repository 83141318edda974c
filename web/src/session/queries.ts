import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import type { Me, Status, User } from "../api/types";
import { clearOfflineData } from "../offline/clear-offline-data";
import { withCachedFallback } from "../offline/read-fallback";
import { currentUserId, setCurrentUserId } from "../storage/current-user";
import { clearDeviceData } from "./clear-device-data";

/** What is public: whether Campfire is set up, and whether this browser is signed in. */
export const statusQuery = queryOptions({
  queryKey: ["status"],
  queryFn: async ({ client, queryKey, signal }): Promise<Status> => {
    const status = await withCachedFallback(client, queryKey, () =>
      unwrap(api.GET("/api/v1/status", { signal })),
    );
    // The session was ended on another device while no page was open.
    if (!status.signed_in && currentUserId() !== null) clearDeviceData();
    return status;
  },
  staleTime: Number.POSITIVE_INFINITY,
});

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ client, queryKey, signal }): Promise<Me> => {
    const me = await withCachedFallback(client, queryKey, () =>
      unwrap(api.GET("/api/v1/me", { signal })),
    );
    setCurrentUserId(me.id);
    return me;
  },
  staleTime: Number.POSITIVE_INFINITY,
});

/** Clears everything that belonged to another user and starts a session as `user`. */
export function beginSession(cache: QueryClient, user: User) {
  const status = cache.getQueryData(statusQuery.queryKey);
  cache.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "status" });
  cache.setQueryData(meQuery.queryKey, user);
  const before = currentUserId();
  // Signed in over another user's session, for example with a transfer link: the push subscription
  // goes as well.
  if (before !== null && before !== user.id) clearDeviceData();
  else clearOfflineData(user.id);
  setCurrentUserId(user.id);
  if (status)
    cache.setQueryData(statusQuery.queryKey, { ...status, first_run: false, signed_in: true });
}

export function endSession(cache: QueryClient) {
  clearDeviceData();
  cache.setQueryData<Status>(
    statusQuery.queryKey,
    (status) => status && { ...status, signed_in: false },
  );
  cache.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "status" });
}

import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import type { Me, Status, User } from "../api/types";
import { clearOfflineData } from "../offline/clear-offline-data";
import { withCachedFallback } from "../offline/read-fallback";
import { currentUserId, setCurrentUserId } from "../storage/current-user";
import { clearDeviceData } from "./clear-device-data";

/** What anybody may know: whether Campfire is set up, and whether this browser is signed in. */
export const statusQuery = queryOptions({
  queryKey: ["status"],
  queryFn: async ({ client, queryKey, signal }): Promise<Status> => {
    const status = await withCachedFallback(client, queryKey, () =>
      unwrap(api.GET("/api/v1/status", { signal })),
    );
    // Signed out from elsewhere, while nobody was here to notice.
    if (!status.signed_in && currentUserId() !== null) clearDeviceData();
    return status;
  },
  staleTime: Number.POSITIVE_INFINITY,
});

/** The person who is signed in. */
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

/** Forgets everything that another person could have seen here, and starts as `user`. */
export function beginSession(cache: QueryClient, user: User) {
  const status = cache.getQueryData(statusQuery.queryKey);
  cache.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "status" });
  cache.setQueryData(meQuery.queryKey, user);
  const before = currentUserId();
  // Signed in over somebody else, as by a link: what this device was told for them goes, too.
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

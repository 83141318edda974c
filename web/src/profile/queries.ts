import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";

/** What this person wants to be told. */
export const preferencesQuery = queryOptions({
  queryKey: ["preferences"] as const,
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/me/preferences", { signal })),
});

/** Where this person is signed in. */
export const devicesQuery = queryOptions({
  queryKey: ["devices"] as const,
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/sessions", { signal })),
});

/** Every room this person is in, also those hidden from the sidebar. */
export const allRoomsQuery = queryOptions({
  queryKey: ["rooms", "all"] as const,
  queryFn: ({ signal }) =>
    unwrap(api.GET("/api/v1/rooms", { params: { query: { invisible: true } }, signal })),
});

import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";

export const preferencesQuery = queryOptions({
  queryKey: ["preferences"] as const,
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/me/preferences", { signal })),
});

/** The user's sessions. */
export const devicesQuery = queryOptions({
  queryKey: ["devices"] as const,
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/sessions", { signal })),
});

/** The user's rooms, including those hidden from the sidebar. */
export const allRoomsQuery = queryOptions({
  queryKey: ["rooms", "all"] as const,
  queryFn: ({ signal }) =>
    unwrap(api.GET("/api/v1/rooms", { params: { query: { invisible: true } }, signal })),
});

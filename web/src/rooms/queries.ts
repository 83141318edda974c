import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import { withCachedFallback } from "../offline/read-fallback";

/** The rooms in the user's sidebar: pings by latest activity, then the others by name. */
export const roomsQuery = queryOptions({
  queryKey: ["rooms"],
  queryFn: ({ client, queryKey, signal }) =>
    withCachedFallback(client, queryKey, () => unwrap(api.GET("/api/v1/rooms", { signal }))),
  staleTime: Number.POSITIVE_INFINITY,
});

/** A single room, for example one that is hidden from the sidebar. */
export const roomQuery = (roomId: number) =>
  queryOptions({
    queryKey: ["rooms", roomId],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/rooms/{room_id}", { params: { path: { room_id: roomId } }, signal })),
  });

// What the composer looks up while one writes: the people of the room, and the names of sounds.
import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";

/** How many people are suggested at most. */
const maxPeople = 20;

/** Who of a room fits `query`: who spoke last comes first. */
export const mentionableQuery = (roomId: number, query: string) =>
  queryOptions({
    queryKey: ["people", roomId, query],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/users", {
          params: { query: { room_id: roomId, query, limit: maxPeople } },
          signal,
        }),
      ),
    staleTime: 60_000,
    gcTime: 5 * 60_000,
  });

export const soundsQuery = queryOptions({
  queryKey: ["sounds"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/sounds", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

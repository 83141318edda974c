// Suggestions of the composer: the members of the room, and sounds.
import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";

const maxPeople = 20;

/** Members of a room who match `query`, most recently active first. */
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

import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import type { Member } from "../api/types";
import type { PresenceEvent } from "../cable/channels";

/** The members of a room and whether they have it open. */
export const membersQuery = (roomId: number) =>
  queryOptions({
    queryKey: ["rooms", roomId, "members"] as const,
    queryFn: ({ signal }) => {
      const params = { path: { room_id: roomId } };
      return unwrap(api.GET("/api/v1/rooms/{room_id}/members", { params, signal }));
    },
  });

/** Applies a presence event. */
export function applyPresence(cache: QueryClient, roomId: number, event: PresenceEvent) {
  const { queryKey } = membersQuery(roomId);
  const members = cache.getQueryData(queryKey);
  if (!members) return;
  if (!members.some(({ id }) => id === event.user_id)) {
    // A new member.
    cache.invalidateQueries({ queryKey });
    return;
  }
  cache.setQueryData(queryKey, withPresence(members, event));
}

export function withPresence(members: readonly Member[], event: PresenceEvent): Member[] {
  return members.map((member) =>
    member.id === event.user_id ? { ...member, connected: event.connected } : member,
  );
}

/** Members who have the room open first, then by name. */
export function sortedMembers(members: readonly Member[]): Member[] {
  return members.toSorted(
    (a, b) => Number(b.connected) - Number(a.connected) || a.name.localeCompare(b.name),
  );
}

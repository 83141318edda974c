import type { QueryClient } from "@tanstack/react-query";
import type { Room } from "../api/types";
import { roomsQuery } from "./queries";
import { markRead, markUnread } from "./room-list";

/** Updates the cached list of rooms, if it is loaded. */
export function patchRooms(cache: QueryClient, change: (rooms: readonly Room[]) => Room[]) {
  cache.setQueryData(roomsQuery.queryKey, (rooms) => rooms && change(rooms));
}

export function markRoomRead(cache: QueryClient, roomId: number) {
  patchRooms(cache, (rooms) => markRead(rooms, roomId));
}

export function markRoomUnread(cache: QueryClient, roomId: number, since: string) {
  patchRooms(cache, (rooms) => markUnread(rooms, roomId, since));
}

import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { accountQuery } from "../account/queries";
import type { User } from "../api/types";
import { invalidateBookmarks } from "../bookmarks/queries";
import {
  type AccountEvent,
  ReadRoomsChannel,
  RoomsChannel,
  UnreadRoomsChannel,
} from "../cable/channels";
import { useConnection } from "../cable/context";
import { subscribeToChannel } from "../cable/subscribe-to-channel";
import { invalidateInbox, setInboxUnread } from "../inbox/queries";
import { allWindowsKey } from "../messages/feed";
import { type MessageWindow, withAuthor } from "../messages/window";
import { markRoomRead, markRoomUnread, patchRooms } from "../rooms/cache";
import { isPresent } from "../rooms/presence";
import { roomQuery, roomsQuery } from "../rooms/queries";
import { markActive, withoutRoom, withRoom, withUpdatedUser } from "../rooms/room-list";
import { meQuery } from "../session/queries";
import { applyAccountUpdate, applyUserUpdate } from "./account-events";

/** Applies account events to the query cache: the list of rooms, the account and users. */
export function useAccountSync() {
  const connection = useConnection();
  const cache = useQueryClient();
  useEffect(() => {
    const refetch = () => {
      cache.invalidateQueries({ queryKey: roomsQuery.queryKey });
      cache.invalidateQueries({ queryKey: accountQuery.queryKey });
      invalidateInbox(cache);
      invalidateBookmarks(cache);
    };
    const refetchRooms = () => {
      cache.invalidateQueries({ queryKey: roomsQuery.queryKey });
    };
    const stops = [
      subscribeToChannel(connection, new RoomsChannel(), {
        receive: (event) => handleAccountEvent(cache, event),
        subscribed: refetch,
        eventsMissed: refetch,
      }),
      subscribeToChannel(connection, new UnreadRoomsChannel(), {
        receive: ({ roomId }) => handleRoomActivity(cache, roomId),
        subscribed: () => {},
        eventsMissed: refetchRooms,
      }),
      subscribeToChannel(connection, new ReadRoomsChannel(), {
        receive: ({ room_id }) => markRoomRead(cache, room_id),
        subscribed: () => {},
        eventsMissed: refetchRooms,
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [connection, cache]);
}

/** A message was posted, or this user marked the room as unread on another device. */
function handleRoomActivity(cache: QueryClient, roomId: number) {
  const wasUnread = cachedRoom(cache, roomId)?.unread;
  const unread = !isPresent(roomId);
  patchRooms(cache, (rooms) => markActive(rooms, roomId, new Date(), unread));
  if (unread && !wasUnread) fetchUnreadSince(cache, roomId);
}

/**
 * The time by this device's clock is an estimate; the server knows since when the room is unread.
 */
async function fetchUnreadSince(cache: QueryClient, roomId: number) {
  const room = await cache.fetchQuery(roomQuery(roomId)).catch(() => null);
  if (!room) return;
  // It was the user's own message, or the room is open on another device.
  if (!room.unread) markRoomRead(cache, roomId);
  else if (room.unread_since && cachedRoom(cache, roomId)?.unread)
    markRoomUnread(cache, roomId, room.unread_since);
}

function cachedRoom(cache: QueryClient, roomId: number) {
  return cache.getQueryData(roomsQuery.queryKey)?.find(({ id }) => id === roomId);
}

function handleAccountEvent(cache: QueryClient, event: AccountEvent) {
  switch (event.type) {
    case "room.created":
    case "room.updated":
      patchRooms(cache, (rooms) => withRoom(rooms, event.room));
      cache.invalidateQueries({ queryKey: roomQuery(event.room.id).queryKey });
      return;
    case "room.removed":
      patchRooms(cache, (rooms) => withoutRoom(rooms, event.room_id));
      cache.removeQueries({ queryKey: [...allWindowsKey, event.room_id] });
      cache.removeQueries({ queryKey: roomQuery(event.room_id).queryKey });
      return;
    case "account.updated":
      return applyAccountUpdate(cache, event.account);
    case "inbox.changed":
      return setInboxUnread(cache, event.unread);
    case "bookmarks.changed":
      return invalidateBookmarks(cache);
    case "user.updated":
      return handleUserUpdated(cache, event.user);
    default:
      return;
  }
}

function handleUserUpdated(cache: QueryClient, user: User) {
  cache.setQueryData(meQuery.queryKey, (me) => (me?.id === user.id ? { ...me, ...user } : me));
  patchRooms(cache, (rooms) => withUpdatedUser(rooms, user));
  applyUserUpdate(cache, user);
  // Pings are named after their members.
  cache.invalidateQueries({ queryKey: roomsQuery.queryKey });
  cache.invalidateQueries({ queryKey: ["people"] });
  cache.setQueriesData<MessageWindow>(
    { queryKey: allWindowsKey },
    (window) => window && withAuthor(window, user),
  );
}

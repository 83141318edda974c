import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { accountQuery } from "../account/queries";
import type { User } from "../api/types";
import { bookmarksChanged } from "../bookmarks/queries";
import {
  type HouseEvent,
  ReadRoomsChannel,
  RoomsChannel,
  UnreadRoomsChannel,
} from "../cable/channels";
import { useConnection } from "../cable/context";
import { follow } from "../cable/follow";
import { inboxChanged, inboxLost } from "../inbox/queries";
import { windowsKey } from "../messages/feed";
import { type MessageWindow, withAuthor } from "../messages/window";
import { markRoomRead, markRoomUnread, patchRooms } from "../rooms/cache";
import { isPresent } from "../rooms/presence";
import { roomQuery, roomsQuery } from "../rooms/queries";
import { markActive, withoutRoom, withPerson, withRoom } from "../rooms/room-list";
import { meQuery } from "../session/queries";
import { accountUpdated, personUpdated } from "./account-events";

/** Keeps the list of rooms, the account and people's names true while somebody is signed in. */
export function useHouse() {
  const connection = useConnection();
  const cache = useQueryClient();
  useEffect(() => {
    const refetch = () => {
      cache.invalidateQueries({ queryKey: roomsQuery.queryKey });
      cache.invalidateQueries({ queryKey: accountQuery.queryKey });
      inboxLost(cache);
      bookmarksChanged(cache);
    };
    const refetchRooms = () => {
      cache.invalidateQueries({ queryKey: roomsQuery.queryKey });
    };
    const stops = [
      follow(connection, new RoomsChannel(), {
        receive: (event) => apply(cache, event),
        begun: refetch,
        lost: refetch,
      }),
      follow(connection, new UnreadRoomsChannel(), {
        receive: ({ roomId }) => noticeActivity(cache, roomId),
        begun: () => {},
        lost: refetchRooms,
      }),
      follow(connection, new ReadRoomsChannel(), {
        receive: ({ room_id }) => markRoomRead(cache, room_id),
        begun: () => {},
        lost: refetchRooms,
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [connection, cache]);
}

/** Something was written, or marked as unread by myself on another device. */
function noticeActivity(cache: QueryClient, roomId: number) {
  const wasUnread = roomIn(cache, roomId)?.unread;
  const unread = !isPresent(roomId);
  patchRooms(cache, (rooms) => markActive(rooms, roomId, new Date(), unread));
  if (unread && !wasUnread) askUnreadSince(cache, roomId);
}

/** This device's clock is a guess: the server knows from which message on a room is unread. */
async function askUnreadSince(cache: QueryClient, roomId: number) {
  const room = await cache.fetchQuery(roomQuery(roomId)).catch(() => null);
  if (!room) return;
  // It was my own message, or I am reading the room on another device.
  if (!room.unread) markRoomRead(cache, roomId);
  else if (room.unread_since && roomIn(cache, roomId)?.unread)
    markRoomUnread(cache, roomId, room.unread_since);
}

function roomIn(cache: QueryClient, roomId: number) {
  return cache.getQueryData(roomsQuery.queryKey)?.find(({ id }) => id === roomId);
}

function apply(cache: QueryClient, event: HouseEvent) {
  switch (event.type) {
    case "room.created":
    case "room.updated":
      patchRooms(cache, (rooms) => withRoom(rooms, event.room));
      cache.invalidateQueries({ queryKey: roomQuery(event.room.id).queryKey });
      return;
    case "room.removed":
      patchRooms(cache, (rooms) => withoutRoom(rooms, event.room_id));
      cache.removeQueries({ queryKey: [...windowsKey, event.room_id] });
      cache.removeQueries({ queryKey: roomQuery(event.room_id).queryKey });
      return;
    case "account.updated":
      return accountUpdated(cache, event.account);
    case "inbox.changed":
      return inboxChanged(cache, event.unread);
    case "bookmarks.changed":
      return bookmarksChanged(cache);
    case "user.updated":
      return renamed(cache, event.user);
    default:
      return;
  }
}

function renamed(cache: QueryClient, user: User) {
  cache.setQueryData(meQuery.queryKey, (me) => (me?.id === user.id ? { ...me, ...user } : me));
  patchRooms(cache, (rooms) => withPerson(rooms, user));
  personUpdated(cache, user);
  // Pings are named after their people.
  cache.invalidateQueries({ queryKey: roomsQuery.queryKey });
  cache.invalidateQueries({ queryKey: ["people"] });
  cache.setQueriesData<MessageWindow>(
    { queryKey: windowsKey },
    (window) => window && withAuthor(window, user),
  );
}

import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { accountQuery } from "../account/queries";
import type { User } from "../api/types";
import {
  type HouseEvent,
  ReadRoomsChannel,
  RoomsChannel,
  UnreadRoomsChannel,
} from "../cable/channels";
import { useConnection } from "../cable/context";
import { follow } from "../cable/follow";
import { windowsKey } from "../messages/feed";
import { type MessageWindow, withAuthor } from "../messages/window";
import { meQuery } from "../session/queries";
import { markRoomRead, patchRooms } from "./cache";
import { markActive, withoutRoom, withPerson, withRoom } from "./list";
import { isPresent } from "./presence";
import { roomsQuery } from "./queries";

/** Keeps the list of rooms, the account and people's names true while somebody is signed in. */
export function useHouse() {
  const connection = useConnection();
  const cache = useQueryClient();
  useEffect(() => {
    const refetch = () => {
      cache.invalidateQueries({ queryKey: roomsQuery.queryKey });
      cache.invalidateQueries({ queryKey: accountQuery.queryKey });
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
        receive: ({ roomId }) =>
          patchRooms(cache, (rooms) => markActive(rooms, roomId, new Date(), !isPresent(roomId))),
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

function apply(cache: QueryClient, event: HouseEvent) {
  switch (event.type) {
    case "room.created":
    case "room.updated":
      return patchRooms(cache, (rooms) => withRoom(rooms, event.room));
    case "room.removed":
      patchRooms(cache, (rooms) => withoutRoom(rooms, event.room_id));
      cache.removeQueries({ queryKey: [...windowsKey, event.room_id] });
      return;
    case "account.updated":
      cache.setQueryData(
        accountQuery.queryKey,
        (account) => account && { ...account, ...event.account },
      );
      return;
    case "user.updated":
      return renamed(cache, event.user);
    default:
      return;
  }
}

function renamed(cache: QueryClient, user: User) {
  cache.setQueryData(meQuery.queryKey, (me) => (me?.id === user.id ? { ...me, ...user } : me));
  patchRooms(cache, (rooms) => withPerson(rooms, user));
  cache.setQueriesData<MessageWindow>(
    { queryKey: windowsKey },
    (window) => window && withAuthor(window, user),
  );
}

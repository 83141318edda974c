import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { PresenceChannel, type PresenceEvent } from "../cable/channels";
import type { Connection } from "../cable/connection";
import { useConnection } from "../cable/context";
import { subscribeToChannel } from "../cable/follow";
import { markRoomRead } from "./cache";
import { applyPresence, membersQuery } from "./members";

/** The server forgets a presence after 60 seconds without news. */
const refreshInterval = 50_000;

/** A glance at another tab is no absence. */
const visibilityDelay = 5_000;

/** The rooms this page has told the server it is looking at. */
const presentRooms = new Set<number>();

/** How to stop saying so, by room. */
const leaveCallbacks = new Map<number, () => void>();

/** Whether this page shows the room to its reader right now: then nothing in it is unread. */
export function isPresent(roomId: number): boolean {
  return presentRooms.has(roomId);
}

/** Goes from a room that stays on the page, so that it can be unread until it is opened anew. */
export function leavePresence(roomId: number) {
  leaveCallbacks.get(roomId)?.();
}

/**
 * Tells the server that this person looks at the room, for as long as the page is visible. Begins once
 * `ready`: being present makes the room read, and until when it was read must be known before.
 */
export function usePresence(roomId: number, ready: boolean) {
  const connection = useConnection();
  const cache = useQueryClient();
  useEffect(() => {
    if (!ready) return;
    const stop = subscribePresence(
      connection,
      roomId,
      () => {
        markRoomRead(cache, roomId);
        // Who came and went meanwhile was not heard.
        cache.invalidateQueries({ queryKey: membersQuery(roomId).queryKey });
      },
      (event) => applyPresence(cache, roomId, event),
    );
    leaveCallbacks.set(roomId, stop);
    return () => {
      leaveCallbacks.delete(roomId);
      stop();
    };
  }, [connection, cache, roomId, ready]);
}

function subscribePresence(
  connection: Connection,
  roomId: number,
  read: () => void,
  receive: (event: PresenceEvent) => void,
): () => void {
  let channel = new PresenceChannel({ room_id: roomId });
  let goAway: (() => void) | undefined;
  let settling: ReturnType<typeof setTimeout> | undefined;

  // Subscribing is being present, also after a break: who does not look has no subscription at all.
  const come = () => {
    if (goAway) return;
    channel = new PresenceChannel({ room_id: roomId });
    goAway = subscribeToChannel(connection, channel, {
      receive,
      subscribed: () => {},
      eventsMissed: () => {},
      connected: () => {
        presentRooms.add(roomId);
        read();
      },
    });
  };
  const go = () => {
    goAway?.();
    goAway = undefined;
    presentRooms.delete(roomId);
  };
  const settle = () => (document.hidden ? go() : come());
  const turned = () => {
    clearTimeout(settling);
    settling = setTimeout(settle, visibilityDelay);
  };
  const refresh = () => {
    if (presentRooms.has(roomId) && channel.state === "connected")
      channel.perform("refresh").catch(() => undefined);
  };

  settle();
  const refreshing = setInterval(refresh, refreshInterval);
  document.addEventListener("visibilitychange", turned);
  return () => {
    document.removeEventListener("visibilitychange", turned);
    clearInterval(refreshing);
    clearTimeout(settling);
    go();
  };
}

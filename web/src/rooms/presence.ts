import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { PresenceChannel, type PresenceEvent } from "../cable/channels";
import type { Connection } from "../cable/connection";
import { useConnection } from "../cable/context";
import { subscribeToChannel } from "../cable/subscribe-to-channel";
import { markRoomRead } from "./cache";
import { applyPresence, membersQuery } from "./members";

/** The server expires a presence after 60 seconds without a refresh. */
const refreshInterval = 50_000;

/** Switching tabs briefly does not end the presence. */
const visibilityDelay = 5_000;

/** The rooms whose presence channel this page is subscribed to. */
const presentRooms = new Set<number>();

/** Ends the presence, by room id. */
const leaveCallbacks = new Map<number, () => void>();

/** Whether the room is open and visible on this page. Then nothing in it becomes unread. */
export function isPresent(roomId: number): boolean {
  return presentRooms.has(roomId);
}

/**
 * Ends the presence in a room that stays on the page, so that it can be unread until it is opened
 * again.
 */
export function leavePresence(roomId: number) {
  leaveCallbacks.get(roomId)?.();
}

/**
 * Keeps this user present in the room while the page is visible. Starts once `ready`, because
 * presence marks the room as read, and the time since when it was unread has to be known before.
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
        // Presence events of other members were missed in the meantime.
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
  let unsubscribe: (() => void) | undefined;
  let visibilityTimer: ReturnType<typeof setTimeout> | undefined;

  // Subscribing makes the user present, also after a reconnect, so a hidden page has no
  // subscription.
  const join = () => {
    if (unsubscribe) return;
    channel = new PresenceChannel({ room_id: roomId });
    unsubscribe = subscribeToChannel(connection, channel, {
      receive,
      subscribed: () => {},
      eventsMissed: () => {},
      connected: () => {
        presentRooms.add(roomId);
        read();
      },
    });
  };
  const leave = () => {
    unsubscribe?.();
    unsubscribe = undefined;
    presentRooms.delete(roomId);
  };
  const update = () => (document.hidden ? leave() : join());
  const onVisibilityChange = () => {
    clearTimeout(visibilityTimer);
    visibilityTimer = setTimeout(update, visibilityDelay);
  };
  const refresh = () => {
    if (presentRooms.has(roomId) && channel.state === "connected")
      channel.perform("refresh").catch(() => undefined);
  };

  update();
  const refreshTimer = setInterval(refresh, refreshInterval);
  document.addEventListener("visibilitychange", onVisibilityChange);
  return () => {
    document.removeEventListener("visibilitychange", onVisibilityChange);
    clearInterval(refreshTimer);
    clearTimeout(visibilityTimer);
    leave();
  };
}

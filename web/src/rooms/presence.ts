import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { PresenceChannel, type PresenceEvent } from "../cable/channels";
import type { Connection } from "../cable/connection";
import { useConnection } from "../cable/context";
import { follow } from "../cable/follow";
import { markRoomRead } from "./cache";
import { noticePresence } from "./members";

/** The server forgets a presence after 60 seconds without news. */
const refreshEvery = 50_000;

/** A glance at another tab is no absence. */
const settleAfter = 5_000;

/** The rooms this page has told the server it is looking at. */
const present = new Set<number>();

/** How to stop saying so, by room. */
const leaving = new Map<number, () => void>();

/** Whether this page shows the room to its reader right now: then nothing in it is unread. */
export function isPresent(roomId: number): boolean {
  return present.has(roomId);
}

/** Goes from a room that stays on the page, so that it can be unread until it is opened anew. */
export function leavePresence(roomId: number) {
  leaving.get(roomId)?.();
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
    const stop = announcePresence(
      connection,
      roomId,
      () => markRoomRead(cache, roomId),
      (event) => noticePresence(cache, roomId, event),
    );
    leaving.set(roomId, stop);
    return () => {
      leaving.delete(roomId);
      stop();
    };
  }, [connection, cache, roomId, ready]);
}

function announcePresence(
  connection: Connection,
  roomId: number,
  read: () => void,
  receive: (event: PresenceEvent) => void,
): () => void {
  const channel = new PresenceChannel({ room_id: roomId });
  let settling: ReturnType<typeof setTimeout> | undefined;

  const say = (action: "present" | "absent" | "refresh") => {
    // While disconnected there is nobody to tell; subscribing again says "present" by itself.
    if (channel.state === "connected") channel.perform(action).catch(() => undefined);
  };
  const settle = () => {
    const action = document.hidden ? "absent" : "present";
    if (document.hidden === !present.has(roomId)) return;
    if (document.hidden) present.delete(roomId);
    else here();
    say(action);
  };
  const here = () => {
    present.add(roomId);
    read();
  };
  const subscribed = () => {
    here();
    settle();
  };
  const turned = () => {
    clearTimeout(settling);
    settling = setTimeout(settle, settleAfter);
  };

  const stop = follow(connection, channel, {
    receive,
    begun: () => {},
    lost: () => {},
    connected: subscribed,
  });
  const refreshing = setInterval(() => present.has(roomId) && say("refresh"), refreshEvery);
  document.addEventListener("visibilitychange", turned);
  let gone = false;
  return () => {
    if (gone) return;
    gone = true;
    document.removeEventListener("visibilitychange", turned);
    clearInterval(refreshing);
    clearTimeout(settling);
    stop();
    present.delete(roomId);
  };
}

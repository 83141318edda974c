import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { PresenceChannel } from "../cable/channels";
import type { Connection } from "../cable/connection";
import { useConnection } from "../cable/context";
import { follow } from "../cable/follow";
import { markRoomRead } from "./cache";

/** The server forgets a presence after 60 seconds without news. */
const refreshEvery = 50_000;

/** A glance at another tab is no absence. */
const settleAfter = 5_000;

/** The rooms this page has told the server it is looking at. */
const present = new Set<number>();

/** Whether this page shows the room to its reader right now: then nothing in it is unread. */
export function isPresent(roomId: number): boolean {
  return present.has(roomId);
}

/** Tells the server that this person looks at the room, for as long as the page is visible. */
export function usePresence(roomId: number) {
  const connection = useConnection();
  const cache = useQueryClient();
  useEffect(
    () => announcePresence(connection, roomId, () => markRoomRead(cache, roomId)),
    [connection, cache, roomId],
  );
}

function announcePresence(connection: Connection, roomId: number, read: () => void): () => void {
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
    receive: () => {},
    begun: () => {},
    lost: () => {},
    connected: subscribed,
  });
  const refreshing = setInterval(() => present.has(roomId) && say("refresh"), refreshEvery);
  document.addEventListener("visibilitychange", turned);
  return () => {
    document.removeEventListener("visibilitychange", turned);
    clearInterval(refreshing);
    clearTimeout(settling);
    stop();
    present.delete(roomId);
  };
}

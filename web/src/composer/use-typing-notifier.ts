import { useEffect, useMemo } from "react";
import { TypingNotificationsChannel } from "../cable/channels";
import { useConnection } from "../cable/context";
import { subscribeToChannel } from "../cable/subscribe-to-channel";
import { TypingNotifier } from "./typing-notifications";

/**
 * Notifies the room that the user is typing. Call `changed` on each change; leaving the room sends
 * stop.
 */
export function useTypingNotifier(roomId: number): TypingNotifier {
  const connection = useConnection();
  const { channel, signal } = useMemo(() => {
    const channel = new TypingNotificationsChannel({ room_id: roomId });
    const say = (action: "start" | "stop") => {
      // Without a connection the notification is dropped.
      if (channel.state === "connected") channel.perform(action).catch(() => undefined);
    };
    return { channel, signal: new TypingNotifier(say) };
  }, [roomId]);

  useEffect(() => {
    const nothing = () => {};
    const stop = subscribeToChannel(connection, channel, {
      receive: nothing,
      subscribed: nothing,
      eventsMissed: nothing,
    });
    const leave = () => signal.stop();
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
      stop();
    };
  }, [connection, channel, signal]);

  return signal;
}

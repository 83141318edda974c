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
  const { channel, notifier } = useMemo(() => {
    const channel = new TypingNotificationsChannel({ room_id: roomId });
    const send = (action: "start" | "stop") => {
      // Without a connection the notification is dropped.
      if (channel.state === "connected") channel.perform(action).catch(() => undefined);
    };
    return { channel, notifier: new TypingNotifier(send) };
  }, [roomId]);

  useEffect(() => {
    const nothing = () => {};
    const stop = subscribeToChannel(connection, channel, {
      receive: nothing,
      subscribed: nothing,
      eventsMissed: nothing,
    });
    const leave = () => notifier.stop();
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
      stop();
    };
  }, [connection, channel, notifier]);

  return notifier;
}

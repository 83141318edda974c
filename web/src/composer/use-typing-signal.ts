import { useEffect, useMemo } from "react";
import { TypingNotificationsChannel } from "../cable/channels";
import { useConnection } from "../cable/context";
import { subscribeToChannel } from "../cable/follow";
import { TypingNotifier } from "./typing-notifications";

/** Tells the room that one is typing there. Call `changed` with each change; leaving the room says stop. */
export function useTypingSignal(roomId: number): TypingNotifier {
  const connection = useConnection();
  const { channel, signal } = useMemo(() => {
    const channel = new TypingNotificationsChannel({ room_id: roomId });
    const say = (action: "start" | "stop") => {
      // Without a connection nobody needs to know.
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

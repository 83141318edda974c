import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useLocation } from "react-router";
import { RoomMessagesChannel } from "../cable/channels";
import { useConnection } from "../cable/context";
import { subscribeToChannel } from "../cable/subscribe-to-channel";
import { isServerUnreachable } from "../offline/read-fallback";
import { useOutbox } from "../outbox/context";
import { strings } from "../strings";
import { useToast } from "../ui/toasts";
import { type ScrollTarget, windowKey } from "./feed";
import { useFeedOf } from "./feeds";

/** How long to wait for the subscription before loading without it, in milliseconds. */
const subscribeTimeout = 3_000;

/**
 * The messages of a room, live. Subscribes first and loads second, so that no event is missed
 * between. If the subscription fails, the messages are shown anyway.
 */
export function useRoomMessages(roomId: number, place: ScrollTarget) {
  const connection = useConnection();
  const outbox = useOutbox();
  const feed = useFeedOf()(roomId);
  const { key } = useLocation();
  const [readyRoomId, setReadyRoomId] = useState<number | null>(null);

  useEffect(() => {
    let started = false;
    const start = () => {
      started = true;
      setReadyRoomId(roomId);
    };
    // Without a network there is nothing to wait for: the messages may be cached.
    const timer = setTimeout(
      start,
      isServerUnreachable() || !navigator.onLine ? 0 : subscribeTimeout,
    );
    const stop = subscribeToChannel(connection, new RoomMessagesChannel({ room_id: roomId }), {
      receive: (event) => {
        feed.receive(event);
        if (event.type === "message.created") outbox.confirm(event.message);
      },
      subscribed: () => {
        clearTimeout(timer);
        if (started) feed.refresh();
        else start();
      },
      eventsMissed: () => feed.refresh(),
      // The request for the messages returns the reason.
      rejected: () => (started ? feed.refresh() : start()),
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [connection, outbox, feed, roomId]);

  const toast = useToast();
  useEffect(() => feed.onMissing(() => toast({ text: strings.messages.gone })), [feed, toast]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: following a link to the same message scrolls there again
  useEffect(() => {
    feed.open(place);
  }, [feed, place, key]);

  const query = useQuery({
    queryKey: windowKey(roomId),
    queryFn: ({ signal }) => feed.load(signal),
    enabled: readyRoomId === roomId,
  });
  return { feed, query };
}

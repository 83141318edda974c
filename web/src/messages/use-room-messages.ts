import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useLocation } from "react-router";
import { RoomMessagesChannel } from "../cable/channels";
import { useConnection } from "../cable/context";
import { subscribeToChannel } from "../cable/follow";
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
  const [listeningTo, setListeningTo] = useState<number | null>(null);

  useEffect(() => {
    let begun = false;
    const begin = () => {
      begun = true;
      setListeningTo(roomId);
    };
    // Without a network there is nothing to wait for: the messages may be cached.
    const timer = setTimeout(
      begin,
      isServerUnreachable() || !navigator.onLine ? 0 : subscribeTimeout,
    );
    const stop = subscribeToChannel(connection, new RoomMessagesChannel({ room_id: roomId }), {
      receive: (event) => {
        feed.receive(event);
        if (event.type === "message.created") outbox.confirm(event.message);
      },
      subscribed: () => {
        clearTimeout(timer);
        if (begun) feed.refresh();
        else begin();
      },
      eventsMissed: () => feed.refresh(),
      // The request for the messages returns the reason.
      rejected: () => (begun ? feed.refresh() : begin()),
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [connection, outbox, feed, roomId]);

  const toast = useToast();
  useEffect(() => feed.onMissing(() => toast({ text: strings.messages.gone })), [feed, toast]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a link to the same place leads there once more
  useEffect(() => {
    feed.open(place);
  }, [feed, place, key]);

  const query = useQuery({
    queryKey: windowKey(roomId),
    queryFn: ({ signal }) => feed.load(signal),
    enabled: listeningTo === roomId,
  });
  return { feed, query };
}

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

/** How long the subscription may take before the page is fetched without it. */
const subscribeTimeout = 3_000;

/**
 * The messages of a room, live. Subscribes first and fetches second, so that nothing falls between; if
 * the live connection does not come up, the messages are shown all the same.
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
    // Without a network there is nothing to wait for: the device may have the messages.
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
      // The request for the messages tells why.
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

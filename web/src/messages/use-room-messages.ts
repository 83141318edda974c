import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useLocation } from "react-router";
import { RoomMessagesChannel } from "../cable/channels";
import { useConnection } from "../cable/context";
import { follow } from "../cable/follow";
import { isAway } from "../offline/read-fallback";
import { useOutbox } from "../outbox/context";
import { words } from "../strings";
import { useToast } from "../ui/toasts";
import { type Place, windowKey } from "./feed";
import { useFeedOf } from "./feeds";

/** How long the subscription may take before the page is fetched without it. */
const patience = 3_000;

/**
 * The messages of a room, live. Subscribes first and fetches second, so that nothing falls between; if
 * the live connection does not come up, the messages are shown all the same.
 */
export function useWindow(roomId: number, place: Place) {
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
    const timer = setTimeout(begin, isAway() || !navigator.onLine ? 0 : patience);
    const stop = follow(connection, new RoomMessagesChannel({ room_id: roomId }), {
      receive: (event) => {
        feed.receive(event);
        if (event.type === "message.created") outbox.confirm(event.message);
      },
      begun: () => {
        clearTimeout(timer);
        if (begun) feed.refresh();
        else begin();
      },
      lost: () => feed.refresh(),
      // The request for the messages tells why.
      refused: () => (begun ? feed.refresh() : begin()),
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [connection, outbox, feed, roomId]);

  const toast = useToast();
  useEffect(() => feed.onMissing(() => toast({ text: words.messages.gone })), [feed, toast]);

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

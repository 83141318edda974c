import { useEffect, useRef, useState } from "react";
import type { Message } from "../api/types";
import type { RoomFeed } from "../messages/feed";
import { play } from "../sounds/player";
import { sentenceOf } from "../sounds/sound-line";
import { useToast } from "../ui/toasts";

/** What a break brings late, in milliseconds, is not played any more: a chorus would greet whoever comes back. */
const playedWithin = 60_000;

interface Arrivals {
  /** Messages of others that came in below what the reader looks at. */
  unseen: number;
  /** Whether a message came in while the page was open, and may draw attention to itself. */
  isFresh: (messageId: number) => boolean;
}

/** What happens when messages arrive live: sounds play once, and are counted while the reader is further up. */
export function useArrivals(feed: RoomFeed, myId: number, seesEnd: boolean): Arrivals {
  const toast = useToast();
  const fresh = useRef(new Set<number>());
  const [unseen, setUnseen] = useState(0);
  if (seesEnd && unseen > 0) setUnseen(0);

  const sees = useRef(seesEnd);
  useEffect(() => {
    sees.current = seesEnd;
  }, [seesEnd]);

  useEffect(
    () =>
      feed.onArrival((message) => {
        fresh.current.add(message.id);
        if (!sees.current && message.creator.id !== myId) setUnseen((count) => count + 1);
        if (!feed.window?.atEnd || !isRecent(message) || !message.sound) return;
        play(message.sound.url).then((silence) => {
          // Nobody pressed anything: only what is wrong with the sound is worth a word.
          if (silence === "failed") toast({ text: sentenceOf(silence), tone: "problem" });
        });
      }),
    [feed, myId, toast],
  );

  return { unseen, isFresh: (messageId) => fresh.current.has(messageId) };
}

function isRecent({ created_at }: Message): boolean {
  return Date.now() - Date.parse(created_at) < playedWithin;
}

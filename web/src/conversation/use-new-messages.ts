import { useEffect, useRef, useState } from "react";
import type { Message } from "../api/types";
import type { RoomFeed } from "../messages/feed";
import { play } from "../sounds/player";
import { playbackFailureText } from "../sounds/sound-line";
import { useToast } from "../ui/toasts";

/** What a break brings late, in milliseconds, is not played any more: a chorus would greet whoever comes back. */
const playSoundsWithin = 60_000;

interface NewMessages {
  /** Messages of others that came in below what the reader looks at. */
  unseen: number;
  /** Whether a message came in while the page was open, and may draw attention to itself. */
  isFresh: (messageId: number) => boolean;
}

/** What happens when messages arrive live: sounds play once, and are counted while the reader is further up. */
export function useNewMessages(feed: RoomFeed, myId: number, seesEnd: boolean): NewMessages {
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
      feed.onNewMessage((message) => {
        fresh.current.add(message.id);
        if (!sees.current && message.creator.id !== myId) setUnseen((count) => count + 1);
        if (!feed.window?.atEnd || !isRecent(message) || !message.sound) return;
        play(message.sound.url).then((silence) => {
          // Nobody pressed anything: only what is wrong with the sound is worth a word.
          if (silence === "failed") toast({ text: playbackFailureText(silence), tone: "problem" });
        });
      }),
    [feed, myId, toast],
  );

  return { unseen, isFresh: (messageId) => fresh.current.has(messageId) };
}

function isRecent({ created_at }: Message): boolean {
  return Date.now() - Date.parse(created_at) < playSoundsWithin;
}

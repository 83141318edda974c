import { useEffect, useRef, useState } from "react";
import type { Message } from "../api/types";
import type { RoomFeed } from "../messages/feed";
import { play } from "../sounds/player";
import { playbackFailureText } from "../sounds/sound-line";
import { useToast } from "../ui/toasts";

/**
 * Sounds in messages older than this are not played, in milliseconds, so that a reconnect does not
 * play many at once.
 */
const playSoundsWithin = 60_000;

interface NewMessages {
  /** New messages of others below the visible part. */
  unseen: number;
  /** Whether a message arrived while the page was open, for the animation. */
  isFresh: (messageId: number) => boolean;
}

/**
 * Handles messages that arrive live: plays sounds and counts messages while the reader is further
 * up.
 */
export function useNewMessages(feed: RoomFeed, myId: number, seesEnd: boolean): NewMessages {
  const toast = useToast();
  const freshIds = useRef(new Set<number>());
  const [unseen, setUnseen] = useState(0);
  if (seesEnd && unseen > 0) setUnseen(0);

  const seesEndRef = useRef(seesEnd);
  useEffect(() => {
    seesEndRef.current = seesEnd;
  }, [seesEnd]);

  useEffect(
    () =>
      feed.onNewMessage((message) => {
        freshIds.current.add(message.id);
        if (!seesEndRef.current && message.creator.id !== myId) setUnseen((count) => count + 1);
        if (!feed.window?.atEnd || !isRecent(message) || !message.sound) return;
        play(message.sound.url).then((failure) => {
          // The user did not start the playback, so only broken sounds are reported.
          if (failure === "failed") toast({ text: playbackFailureText(failure), tone: "problem" });
        });
      }),
    [feed, myId, toast],
  );

  return { unseen, isFresh: (messageId) => freshIds.current.has(messageId) };
}

function isRecent({ created_at }: Message): boolean {
  return Date.now() - Date.parse(created_at) < playSoundsWithin;
}

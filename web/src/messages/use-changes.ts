import { useEffect, useRef, useState } from "react";
import { useToast } from "../ui/toasts";
import { words } from "../words";
import type { RoomFeed } from "./feed";

interface Changes {
  /** What was written here before and not saved; null if there is nothing. */
  before: string | null;
  /** Told what is written now. */
  note: (html: string) => void;
  /** They are saved, or not wanted any more. */
  drop: () => void;
}

/**
 * Changes to a message, kept when its editor goes for another reason than saving or discarding: because
 * another message is edited, or another room is opened. They last as long as the page.
 */
export function useChanges(feed: RoomFeed, messageId: number): Changes {
  const toast = useToast();
  const [before] = useState(() => feed.unsaved.get(messageId) ?? null);
  /** What the editor began with, in its own words. */
  const first = useRef<string | null>(null);
  const latest = useRef<string | null>(null);

  useEffect(
    () => () => {
      const written = latest.current;
      // Of a deleted message there is nothing left to change.
      if (written === null || !feed.holds(messageId)) return;
      feed.unsaved.set(messageId, written);
      toast({ text: words.messages.unsavedKept });
    },
    [feed, messageId, toast],
  );

  return {
    before,
    note: (html) => {
      first.current ??= html;
      latest.current = html === first.current ? null : html;
    },
    drop: () => {
      latest.current = null;
      feed.unsaved.delete(messageId);
    },
  };
}

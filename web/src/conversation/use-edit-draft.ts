import { useEffect, useRef } from "react";
import { KeptTexts } from "../composer/draft-store";
import { useKeptText } from "../composer/use-draft";
import type { RoomFeed } from "../messages/feed";
import { words } from "../strings";
import { useToast } from "../ui/toasts";

/** Changes to messages that were begun and neither saved nor discarded, by the message's number. */
const begun = new KeptTexts("campfire-edit");

interface Changes {
  /** What was written here before and not saved; null if there is nothing. */
  before: string | null;
  /** Told what is written now. */
  note: (html: string) => void;
  /** They are saved, or not wanted any more. */
  drop: () => void;
}

/**
 * Changes to a message, kept on the device when its editor goes for another reason than saving or discarding: because
 * another message is edited, another room is opened, or the page is loaded anew.
 */
export function useChanges(feed: RoomFeed, userId: number, messageId: number): Changes {
  const toast = useToast();
  const { initial, keep, drop } = useKeptText(begun, userId, messageId);
  const before = initial === "" ? null : initial;
  /** What the editor began with, in its own words. */
  const first = useRef<string | null>(null);
  const isChanged = useRef(false);

  useEffect(
    () => () => {
      // Of a deleted message there is nothing left to change.
      if (!feed.holds(messageId)) drop();
      else if (isChanged.current) toast({ text: words.messages.unsavedKept });
    },
    [feed, messageId, toast, drop],
  );

  return {
    before,
    note: (html) => {
      first.current ??= html;
      isChanged.current = html !== first.current;
      keep(isChanged.current ? html : initial);
    },
    drop: () => {
      isChanged.current = false;
      drop();
    },
  };
}

import { useEffect, useRef } from "react";
import { DraftStore } from "../composer/draft-store";
import { useDraft } from "../composer/use-draft";
import type { RoomFeed } from "../messages/feed";
import { strings } from "../strings";
import { useToast } from "../ui/toasts";

/** Changes to messages that were begun and neither saved nor discarded, by the message's number. */
const editDrafts = new DraftStore("campfire-edit");

interface EditDraft {
  /** What was written here before and not saved; null if there is nothing. */
  before: string | null;
  /** Told what is written now. */
  update: (html: string) => void;
  /** They are saved, or not wanted any more. */
  discard: () => void;
}

/**
 * Changes to a message, kept on the device when its editor goes for another reason than saving or discarding: because
 * another message is edited, another room is opened, or the page is loaded anew.
 */
export function useEditDraft(feed: RoomFeed, userId: number, messageId: number): EditDraft {
  const toast = useToast();
  const { initial, update, discard } = useDraft(editDrafts, userId, messageId);
  const before = initial === "" ? null : initial;
  /** What the editor began with, in its own words. */
  const first = useRef<string | null>(null);
  const isChanged = useRef(false);

  useEffect(
    () => () => {
      // Of a deleted message there is nothing left to change.
      if (!feed.holds(messageId)) discard();
      else if (isChanged.current) toast({ text: strings.messages.unsavedKept });
    },
    [feed, messageId, toast, discard],
  );

  return {
    before,
    update: (html) => {
      first.current ??= html;
      isChanged.current = html !== first.current;
      update(isChanged.current ? html : initial);
    },
    discard: () => {
      isChanged.current = false;
      discard();
    },
  };
}

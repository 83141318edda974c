import { useEffect, useRef } from "react";
import { DraftStore } from "../composer/draft-store";
import { useDraft } from "../composer/use-draft";
import type { RoomFeed } from "../messages/feed";
import { strings } from "../strings";
import { useToast } from "../ui/toasts";

/** Unsaved edits, by message id. */
const editDrafts = new DraftStore("campfire-edit");

interface EditDraft {
  /** The unsaved edit from before, or null. */
  before: string | null;
  /** Saves the edit on this device. */
  update: (html: string) => void;
  /** Deletes the edit: it was saved or discarded. */
  discard: () => void;
}

/**
 * Keeps an unsaved edit on this device when its editor closes without saving or discarding: when
 * another message is edited, another room is opened, or the page is reloaded.
 */
export function useEditDraft(feed: RoomFeed, userId: number, messageId: number): EditDraft {
  const toast = useToast();
  const { initial, update, discard } = useDraft(editDrafts, userId, messageId);
  const before = initial === "" ? null : initial;
  /** The editor's HTML for the initial content. */
  const first = useRef<string | null>(null);
  const isChanged = useRef(false);

  useEffect(
    () => () => {
      // The message was deleted, so its edit is useless.
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

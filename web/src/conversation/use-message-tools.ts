import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { api, unwrap } from "../api/client";
import { errorMessage, statusOf } from "../api/problem";
import type { Message, User } from "../api/types";
import { setBookmark } from "../bookmarks/queries";
import { useBoosts } from "../boosts/use-boosts";
import { useComposer } from "../composer/context";
import type { RoomFeed } from "../messages/feed";
import { markRoomUnread } from "../rooms/cache";
import { leavePresence } from "../rooms/presence";
import { strings } from "../strings";
import { copyText } from "../ui/clipboard";
import { useToast } from "../ui/toasts";
import { focusMessage, neighborOf } from "./focus";
import type { MessageTools } from "./tools";

/** How long a deletion can be undone, in milliseconds. The server allows a little more. */
const undoDuration = 10_000;

interface MessageToolState {
  tools: MessageTools;
  /** The message being edited, as it was when editing started. */
  editing: Message | null;
  /** The message to delete once that is confirmed. */
  pendingDeletion: Message | null;
  cancelDeletion: () => void;
  confirmDeletion: () => Promise<void>;
}

/** Actions for the messages of a room, and the state of editing and deleting. */
export function useMessageTools(feed: RoomFeed, me: User): MessageToolState {
  const cache = useQueryClient();
  const toast = useToast();
  const composer = useComposer();
  const boosting = useBoosts(feed, me);
  const [editing, setEditing] = useState<Message | null>(null);
  const [pendingDeletion, setPendingDeletion] = useState<Message | null>(null);
  const focusNext = useRef<number | null>(null);

  // After the dialog is gone, because it would restore the focus to the deleted message.
  useEffect(() => {
    if (pendingDeletion || focusNext.current === null) return;
    focusMessage(focusNext.current);
    focusNext.current = null;
  }, [pendingDeletion]);

  const restore = useCallback(
    async (message: Message) => {
      try {
        const url = "/api/v1/rooms/{room_id}/messages/{message_id}/restore";
        const restored = await unwrap(api.POST(url, { params: { path: pathOf(message) } }));
        feed.receive({ type: "message.created", message: restored });
        toast({ text: strings.actions.restored });
        // The undo button is gone, and the message renders in the next frame.
        requestAnimationFrame(() => focusMessage(message.id));
      } catch (error) {
        const isTooLate = statusOf(error) === 409 || statusOf(error) === 404;
        const reason = isTooLate ? strings.actions.tooLate : errorMessage(error);
        toast({ text: strings.actions.restoreFailed(reason), tone: "problem" });
      }
    },
    [feed, toast],
  );

  const confirmDeletion = async () => {
    if (!pendingDeletion) return;
    const { id, client_message_id } = pendingDeletion;
    const neighbor = neighborOf(id);
    try {
      const url = "/api/v1/rooms/{room_id}/messages/{message_id}";
      await unwrap(api.DELETE(url, { params: { path: pathOf(pendingDeletion) } }));
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
      // Another user has deleted it already: nothing to delete or undo.
      return setPendingDeletion(null);
    }
    focusNext.current = neighbor;
    feed.receive({ type: "message.removed", message_id: id, client_message_id });
    if (editing?.id === id) setEditing(null);
    setPendingDeletion(null);
    toast({
      text: strings.actions.removed,
      action: { label: strings.actions.undo, run: () => restore(pendingDeletion) },
      duration: undoDuration,
    });
  };

  const tools = useMemo<MessageTools>(
    () => ({
      boosting,
      mayChange: (message) => me.role === "administrator" || message.creator.id === me.id,
      reply: (message) =>
        composer.reply({
          roomId: message.room_id,
          messageId: message.id,
          author: message.creator.name,
          html: message.body.html,
        }),
      copyLink: async (message) => {
        const copied = await copyText(new URL(message.url, location.origin).href);
        if (copied) toast({ text: strings.actions.copied });
        else toast({ text: strings.actions.copyFailed, tone: "problem" });
      },
      edit: setEditing,
      stopEditing: () => setEditing(null),
      remove: setPendingDeletion,
      bookmark: (message, wanted) =>
        setBookmark(cache, message, wanted).catch(() =>
          toast({ text: strings.actions.bookmarkFailed, tone: "problem" }),
        ),
      markUnread: async (message) => {
        try {
          await unwrap(
            api.PUT("/api/v1/rooms/{room_id}/unread", {
              params: { path: { room_id: message.room_id } },
              body: { message_id: message.id },
            }),
          );
          // While present, the next refresh would mark the room as read again.
          leavePresence(message.room_id);
          markRoomUnread(cache, message.room_id, message.created_at);
          toast({ text: strings.actions.markedUnread });
        } catch {
          toast({ text: strings.actions.markUnreadFailed, tone: "problem" });
        }
      },
    }),
    [boosting, cache, composer, me, toast],
  );

  return {
    tools,
    editing,
    pendingDeletion,
    cancelDeletion: () => setPendingDeletion(null),
    confirmDeletion,
  };
}

function pathOf(message: Message) {
  return { room_id: message.room_id, message_id: message.id };
}

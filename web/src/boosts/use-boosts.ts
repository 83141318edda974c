import { useMemo } from "react";
import { answer, api } from "../api/client";
import { sentenceFor, statusOf } from "../api/problem";
import type { Boost, User } from "../api/types";
import type { RoomFeed } from "../messages/feed";
import { words } from "../strings";
import { useToast } from "../ui/toasts";

export interface Boosting {
  add(messageId: number, content: string): Promise<void>;
  remove(boost: Boost): Promise<void>;
}

/** Counts down: the numbers of boosts that the server has not confirmed. */
let nextPending = -1;

/** Adds and removes my boosts. Both show at once, and are taken back when the server refuses. */
export function useBoosts(feed: RoomFeed, me: User): Boosting {
  const toast = useToast();
  return useMemo(() => {
    const show = (boost: Boost) => feed.receive({ type: "boost.created", boost });
    const hide = ({ id, message_id }: Boost) =>
      feed.receive({ type: "boost.removed", boost_id: id, message_id });

    return {
      async add(messageId, content) {
        const pending: Boost = {
          id: nextPending--,
          message_id: messageId,
          booster: me,
          content,
          created_at: new Date().toISOString(),
        };
        show(pending);
        try {
          const request = api.POST("/api/v1/messages/{message_id}/boosts", {
            params: { path: { message_id: messageId } },
            body: { content },
          });
          show(await answer(request));
        } catch (error) {
          toast({ text: words.boosts.failed(sentenceFor(error)), tone: "problem" });
        } finally {
          hide(pending);
        }
      },

      async remove(boost) {
        hide(boost);
        try {
          const path = { message_id: boost.message_id, boost_id: boost.id };
          const url = "/api/v1/messages/{message_id}/boosts/{boost_id}";
          await answer(api.DELETE(url, { params: { path } }));
        } catch (error) {
          // Gone already, from another device: that was the wish.
          if (statusOf(error) === 404) return;
          show(boost);
          toast({ text: words.boosts.removeFailed(sentenceFor(error)), tone: "problem" });
        }
      },
    };
  }, [feed, me, toast]);
}

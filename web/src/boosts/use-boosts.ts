import { useMemo } from "react";
import { api, unwrap } from "../api/client";
import { errorMessage, statusOf } from "../api/problem";
import type { Boost, User } from "../api/types";
import type { RoomFeed } from "../messages/feed";
import { strings } from "../strings";
import { useToast } from "../ui/toasts";

export interface Boosting {
  add(messageId: number, content: string): Promise<void>;
  remove(boost: Boost): Promise<void>;
}

/** Counts down: ids of boosts that the server has not confirmed are negative. */
let nextPending = -1;

/** Adds and removes the user's boosts, optimistically: undone if the server rejects the change. */
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
          show(await unwrap(request));
        } catch (error) {
          toast({ text: strings.boosts.failed(errorMessage(error)), tone: "problem" });
        } finally {
          hide(pending);
        }
      },

      async remove(boost) {
        hide(boost);
        try {
          const path = { message_id: boost.message_id, boost_id: boost.id };
          const url = "/api/v1/messages/{message_id}/boosts/{boost_id}";
          await unwrap(api.DELETE(url, { params: { path } }));
        } catch (error) {
          // It was deleted on another device already.
          if (statusOf(error) === 404) return;
          show(boost);
          toast({ text: strings.boosts.removeFailed(errorMessage(error)), tone: "problem" });
        }
      },
    };
  }, [feed, me, toast]);
}

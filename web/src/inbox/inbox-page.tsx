import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { AtSign } from "lucide-react";
import { useEffect, useState } from "react";
import type { InboxItem } from "../api/types";
import { MessageCard } from "../messages/message-card";
import { strings } from "../strings";
import { ListPage } from "../ui/list-page";
import { Notice } from "../ui/notice";
import { PagedList } from "../ui/paged-list";
import { inboxQuery, markInboxSeen } from "./queries";

/** `/inbox`: mentions of and replies to the user. */
export function InboxPage() {
  const cache = useQueryClient();
  const inbox = useInfiniteQuery(inboxQuery);
  const items = inbox.data?.pages.flatMap((page) => page.items);
  const hasUnread = items?.some(({ unread }) => unread) ?? false;
  const wasNew = useSeenAsNew(items);

  // Viewing the inbox marks it as read.
  useEffect(() => {
    if (!hasUnread) return;
    const markSeen = () => {
      // If it fails, the items stay unread until the next visit.
      if (!document.hidden) markInboxSeen(cache).catch(() => undefined);
    };
    markSeen();
    document.addEventListener("visibilitychange", markSeen);
    return () => document.removeEventListener("visibilitychange", markSeen);
  }, [cache, hasUnread]);

  return (
    <ListPage title={strings.inbox.title}>
      <PagedList
        query={inbox}
        items={items}
        label={strings.inbox.title}
        failedTitle={strings.inbox.failedTitle}
        empty={
          <Notice icon={<AtSign />} title={strings.inbox.emptyTitle}>
            {strings.inbox.empty}
          </Notice>
        }
        keyOf={({ message }) => message.id}
      >
        {(item) => (
          <MessageCard
            message={item.message}
            room={item.room}
            headline={headlineOf(item)}
            isNew={item.unread || wasNew.has(item.message.id)}
          />
        )}
      </PagedList>
    </ListPage>
  );
}

/** The items that were unread at any time during this visit stay marked as new. */
function useSeenAsNew(items: readonly InboxItem[] | undefined): ReadonlySet<number> {
  const [seenAsNew, setSeenAsNew] = useState<ReadonlySet<number>>(new Set());
  const more = items?.filter(({ unread, message }) => unread && !seenAsNew.has(message.id)) ?? [];
  if (more.length > 0)
    setSeenAsNew(new Set([...seenAsNew, ...more.map(({ message }) => message.id)]));
  return seenAsNew;
}

function headlineOf({ message, reason }: InboxItem): string {
  const { name } = message.creator;
  return reason === "reply" ? strings.inbox.reply(name) : strings.inbox.mention(name);
}

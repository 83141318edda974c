import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { AtSign } from "lucide-react";
import { useEffect } from "react";
import type { InboxItem } from "../api/types";
import { MessageCard } from "../messages/message-card";
import { ListPage } from "../rooms/list-page";
import { Notice } from "../ui/notice";
import { PagedList } from "../ui/paged-list";
import { words } from "../words";
import { inboxQuery, markInboxSeen } from "./queries";

/** `/inbox`: where somebody mentioned me or replied to me. */
export function InboxPage() {
  const cache = useQueryClient();
  const inbox = useInfiniteQuery(inboxQuery);
  const items = inbox.data?.pages.flat();
  const hasNews = items?.some(({ unread }) => unread) ?? false;

  // Looking at it is reading it. The list keeps showing what was new until it is fetched again.
  useEffect(() => {
    if (!hasNews) return;
    const look = () => {
      // If it does not arrive, the items stay new until the next visit.
      if (!document.hidden) markInboxSeen(cache).catch(() => undefined);
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [cache, hasNews]);

  return (
    <ListPage title={words.inbox.title}>
      <PagedList
        query={inbox}
        items={items}
        label={words.inbox.title}
        failedTitle={words.inbox.failedTitle}
        empty={
          <Notice icon={<AtSign />} title={words.inbox.emptyTitle}>
            {words.inbox.empty}
          </Notice>
        }
        keyOf={({ message }) => message.id}
      >
        {(item) => (
          <MessageCard
            message={item.message}
            room={item.room}
            headline={headlineOf(item)}
            isNew={item.unread}
          />
        )}
      </PagedList>
    </ListPage>
  );
}

function headlineOf({ message, reason }: InboxItem): string {
  const { name } = message.creator;
  return reason === "reply" ? words.inbox.reply(name) : words.inbox.mention(name);
}

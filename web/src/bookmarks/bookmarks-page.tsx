import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Bookmark as BookmarkIcon, BookmarkX } from "lucide-react";
import type { Bookmark } from "../api/types";
import { MessageCard } from "../messages/message-card";
import { words } from "../strings";
import { IconButton } from "../ui/button";
import { focusPage } from "../ui/focus-page";
import { ListPage } from "../ui/list-page";
import { Notice } from "../ui/notice";
import { PagedList } from "../ui/paged-list";
import { useToast } from "../ui/toasts";
import { bookmarksQuery, setBookmark } from "./queries";

/** `/bookmarks`: the messages I want to find again. */
export function BookmarksPage() {
  const bookmarks = useInfiniteQuery(bookmarksQuery);
  return (
    <ListPage title={words.bookmarks.title}>
      <PagedList
        query={bookmarks}
        items={bookmarks.data?.pages.flatMap((page) => page.items)}
        label={words.bookmarks.title}
        failedTitle={words.bookmarks.failedTitle}
        empty={
          <Notice icon={<BookmarkIcon />} title={words.bookmarks.emptyTitle}>
            {words.bookmarks.empty}
          </Notice>
        }
        keyOf={({ id }) => id}
      >
        {(bookmark) => <Kept bookmark={bookmark} />}
      </PagedList>
    </ListPage>
  );
}

function Kept({ bookmark }: { bookmark: Bookmark }) {
  const { message, room } = bookmark;
  const cache = useQueryClient();
  const toast = useToast();

  const remove = async () => {
    try {
      await setBookmark(cache, message, false);
      focusPage();
    } catch {
      toast({ text: words.actions.bookmarkFailed, tone: "problem" });
    }
  };

  return (
    <MessageCard
      message={message}
      room={room}
      headline={message.creator.name}
      action={
        <IconButton label={words.bookmarks.remove} onClick={remove}>
          <BookmarkX aria-hidden="true" />
        </IconButton>
      }
    />
  );
}

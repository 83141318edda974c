import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Bookmark as BookmarkIcon, BookmarkX } from "lucide-react";
import type { Bookmark } from "../api/types";
import { MessageCard } from "../messages/message-card";
import { strings } from "../strings";
import { IconButton } from "../ui/button";
import { focusPage } from "../ui/focus-page";
import { ListPage } from "../ui/list-page";
import { Notice } from "../ui/notice";
import { PagedList } from "../ui/paged-list";
import { useToast } from "../ui/toasts";
import { bookmarksQuery, setBookmark } from "./queries";

/** `/bookmarks`: the user's bookmarked messages. */
export function BookmarksPage() {
  const bookmarks = useInfiniteQuery(bookmarksQuery);
  return (
    <ListPage title={strings.bookmarks.title}>
      <PagedList
        query={bookmarks}
        items={bookmarks.data?.pages.flatMap((page) => page.items)}
        label={strings.bookmarks.title}
        failedTitle={strings.bookmarks.failedTitle}
        empty={
          <Notice icon={<BookmarkIcon />} title={strings.bookmarks.emptyTitle}>
            {strings.bookmarks.empty}
          </Notice>
        }
        keyOf={({ id }) => id}
      >
        {(bookmark) => <BookmarkCard bookmark={bookmark} />}
      </PagedList>
    </ListPage>
  );
}

function BookmarkCard({ bookmark }: { bookmark: Bookmark }) {
  const { message, room } = bookmark;
  const cache = useQueryClient();
  const toast = useToast();

  const remove = async () => {
    try {
      await setBookmark(cache, message, false);
      focusPage();
    } catch {
      toast({ text: strings.actions.bookmarkFailed, tone: "problem" });
    }
  };

  return (
    <MessageCard
      message={message}
      room={room}
      headline={message.creator.name}
      action={
        <IconButton label={strings.bookmarks.remove} onClick={remove}>
          <BookmarkX aria-hidden="true" />
        </IconButton>
      }
    />
  );
}

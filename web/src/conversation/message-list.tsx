import { useQuery } from "@tanstack/react-query";
import { Flame } from "lucide-react";
import {
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useMemo,
  useState,
} from "react";
import type { Message, User } from "../api/types";
import { bookmarkIdsQuery } from "../bookmarks/queries";
import type { RoomFeed, ScrollPosition, ScrollTarget } from "../messages/feed";
import { type MessageWindow, withPinned } from "../messages/window";
import { useOutboxEntries } from "../outbox/context";
import { strings } from "../strings";
import { matchesMedia } from "../ui/media";
import { Notice } from "../ui/notice";
import { PreserveFocus } from "../ui/preserve-focus";
import { isTextInput } from "../ui/text-input";
import { useToast } from "../ui/toasts";
import { moveFocus } from "./focus";
import { JumpButton } from "./jump-button";
import { usePreloadedMenu } from "./message-actions";
import { PageLoader } from "./page-loader";
import { RowItem } from "./row-item";
import { rowsOf } from "./rows";
import { useNewMessages } from "./use-new-messages";
import { useScrollAnchor } from "./use-scroll-anchor";
import { useScrollToTarget } from "./use-scroll-position";

interface Props {
  feed: RoomFeed;
  window: MessageWindow;
  place: ScrollTarget;
  roomId: number;
  roomName: string;
  me: User;
  unreadSince: string | null;
  /** Stays in the list even if it is deleted or cut, because it is being edited. */
  editing: Message | null;
  /** Shown above the first message. */
  intro: ReactNode;
}

/** The message list: loads more at both ends and follows new messages. */
export function MessageList(props: Props) {
  const { feed, window, place, roomId, roomName, me, unreadSince, editing, intro } = props;
  const toast = useToast();
  const entries = useOutboxEntries(roomId);
  const { data: bookmarked } = useQuery(bookmarkIdsQuery(roomId));
  const bookmarks = useMemo(() => new Set(bookmarked), [bookmarked]);
  const rows = useMemo(() => {
    const messages = editing ? withPinned(window.messages, editing) : window.messages;
    return rowsOf(messages, entries, { id: me.id, unreadSince }, window.atStart);
  }, [window, entries, editing, me.id, unreadSince]);
  const [busy, setBusy] = useState(false);
  usePreloadedMenu();

  const onMove = useCallback(
    (position: ScrollPosition | null) => {
      feed.position = position;
    },
    [feed],
  );
  const [start] = useState(feed.position);
  const anchor = useScrollAnchor(start, onMove);
  const seesEnd = window.atEnd && anchor.seesEnd;
  const { unseen, isFresh } = useNewMessages(feed, me.id, seesEnd);
  const highlightedId = useScrollToTarget(place, window, anchor.list, anchor.scrollTo);

  const { scrollToEnd } = anchor;
  useEffect(() => feed.onJump(() => scrollToEnd()), [feed, scrollToEnd]);
  const jump = async () => {
    // The button disappears at the end, so the list gets the focus.
    anchor.list.current?.focus({ preventScroll: true });
    if (window.atEnd) return scrollToEnd(prefersReducedMotion() ? "auto" : "smooth");
    const jumped = await feed.jumpToNewest();
    if (!jumped) toast({ text: strings.messages.newestFailed, tone: "problem" });
  };
  const loadOlder = useCallback(() => feed.loadOlder(), [feed]);
  const loadNewer = useCallback(() => feed.loadNewer(), [feed]);

  return (
    <div className="messages-area">
      <div
        className="messages"
        ref={anchor.list}
        onScroll={anchor.onScroll}
        onKeyDown={moveFocusByKeys}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: makes the list scrollable by keyboard
        tabIndex={0}
        role="log"
        aria-label={strings.messages.log}
        aria-busy={busy}
      >
        <div className="messages__content" ref={anchor.content}>
          {!window.atStart && (
            <PageLoader
              load={loadOlder}
              waiting={strings.messages.loadingOlder}
              failed={strings.messages.olderFailed}
              onBusy={setBusy}
              version={window.messages[0]?.id}
            />
          )}
          {intro}
          {rows.length === 0 && !intro && window.atStart && (
            <Notice icon={<Flame />} title={strings.rooms.emptyTitle(roomName)}>
              {strings.rooms.empty}
            </Notice>
          )}
          <div className="messages__rows">
            <PreserveFocus list={anchor.list} item="[data-row]">
              {rows.map((row) => {
                const id = row.kind === "message" ? row.message.id : null;
                return (
                  <RowItem
                    key={row.key}
                    row={row}
                    me={me}
                    isMarked={id !== null && id === highlightedId}
                    isFresh={id !== null && isFresh(id)}
                    isBookmarked={id !== null && bookmarks.has(id)}
                    editedFrom={id !== null && id === editing?.id ? editing : null}
                    isGone={id !== null && id === editing?.id && !feed.holds(id)}
                  />
                );
              })}
            </PreserveFocus>
          </div>
          {!window.atEnd && (
            <PageLoader
              load={loadNewer}
              waiting={strings.messages.loadingNewer}
              failed={strings.messages.newerFailed}
              onBusy={setBusy}
              version={window.messages.at(-1)?.id}
            />
          )}
        </div>
      </div>
      {!seesEnd && <JumpButton unseen={unseen} onClick={jump} />}
    </div>
  );
}

/** ArrowUp and ArrowDown move between messages while one has the focus. */
function moveFocusByKeys(event: KeyboardEvent) {
  if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
  const { target } = event;
  if (!(target instanceof Element) || isTextInput(target) || target.closest("[role=menu], form"))
    return;
  if (moveFocus(target, event.key === "ArrowUp" ? -1 : 1)) event.preventDefault();
}

function prefersReducedMotion(): boolean {
  return matchesMedia("(prefers-reduced-motion: reduce)");
}

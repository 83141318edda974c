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
import type { Place, Position, RoomFeed } from "../messages/feed";
import { type MessageWindow, withKept } from "../messages/window";
import { useEntries } from "../outbox/context";
import { words } from "../strings";
import { matches } from "../ui/media";
import { Notice } from "../ui/notice";
import { KeepsFocus } from "../ui/preserve-focus";
import { isTyping } from "../ui/text-input";
import { useToast } from "../ui/toasts";
import { walk } from "./focus";
import { JumpButton } from "./jump-button";
import { usePreparedMenu } from "./message-actions";
import { Edge } from "./page-loader";
import { RowItem } from "./row-item";
import { rowsOf } from "./rows";
import { useArrivals } from "./use-new-messages";
import { useScrollKeeper } from "./use-scroll-anchor";
import { usePlace } from "./use-scroll-position";

interface Props {
  feed: RoomFeed;
  window: MessageWindow;
  place: Place;
  roomId: number;
  roomName: string;
  me: User;
  unreadSince: string | null;
  /** Stays on the page whatever happens to it: somebody is typing in it. */
  editing: Message | null;
  /** Stands above the first message. */
  intro: ReactNode;
}

/** The conversation: scrolls, loads more on both ends, follows what comes in. */
export function MessageList(props: Props) {
  const { feed, window, place, roomId, roomName, me, unreadSince, editing, intro } = props;
  const toast = useToast();
  const entries = useEntries(roomId);
  const { data: bookmarked } = useQuery(bookmarkIdsQuery(roomId));
  const bookmarks = useMemo(() => new Set(bookmarked), [bookmarked]);
  const rows = useMemo(() => {
    const messages = editing ? withKept(window.messages, editing) : window.messages;
    return rowsOf(messages, entries, { id: me.id, unreadSince }, window.atStart);
  }, [window, entries, editing, me.id, unreadSince]);
  const [busy, setBusy] = useState(false);
  usePreparedMenu();

  const onMove = useCallback(
    (position: Position | null) => {
      feed.position = position;
    },
    [feed],
  );
  const [start] = useState(feed.position);
  const keeper = useScrollKeeper(start, onMove);
  const seesEnd = window.atEnd && keeper.seesEnd;
  const { unseen, isFresh } = useArrivals(feed, me.id, seesEnd);
  const marked = usePlace(place, window, keeper.list, keeper.scrollTo);

  const { scrollToEnd } = keeper;
  useEffect(() => feed.onJump(() => scrollToEnd()), [feed, scrollToEnd]);
  const jump = async () => {
    // The button goes once the end is in view: the list takes the focus.
    keeper.list.current?.focus({ preventScroll: true });
    if (window.atEnd) return scrollToEnd(prefersStill() ? "auto" : "smooth");
    const arrived = await feed.jumpToNewest();
    if (!arrived) toast({ text: words.messages.newestFailed, tone: "problem" });
  };
  const loadOlder = useCallback(() => feed.loadOlder(), [feed]);
  const loadNewer = useCallback(() => feed.loadNewer(), [feed]);

  return (
    <div className="messages-area">
      <div
        className="messages"
        ref={keeper.list}
        onScroll={keeper.onScroll}
        onKeyDown={walkByKeys}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region is reached by keyboard
        tabIndex={0}
        role="log"
        aria-label={words.messages.log}
        aria-busy={busy}
      >
        <div className="messages__content" ref={keeper.content}>
          {!window.atStart && (
            <Edge
              load={loadOlder}
              waiting={words.messages.loadingOlder}
              failed={words.messages.olderFailed}
              onBusy={setBusy}
              version={window.messages[0]?.id}
            />
          )}
          {intro}
          {rows.length === 0 && !intro && window.atStart && (
            <Notice icon={<Flame />} title={words.rooms.emptyTitle(roomName)}>
              {words.rooms.empty}
            </Notice>
          )}
          <div className="messages__rows">
            <KeepsFocus list={keeper.list} item="[data-row]">
              {rows.map((row) => {
                const id = row.kind === "message" ? row.message.id : null;
                return (
                  <RowItem
                    key={row.key}
                    row={row}
                    me={me}
                    isMarked={id !== null && id === marked}
                    isFresh={id !== null && isFresh(id)}
                    isBookmarked={id !== null && bookmarks.has(id)}
                    editedFrom={id !== null && id === editing?.id ? editing : null}
                    isGone={id !== null && id === editing?.id && !feed.holds(id)}
                  />
                );
              })}
            </KeepsFocus>
          </div>
          {!window.atEnd && (
            <Edge
              load={loadNewer}
              waiting={words.messages.loadingNewer}
              failed={words.messages.newerFailed}
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

/** Up and down lead from message to message while the focus is in one. */
function walkByKeys(event: KeyboardEvent) {
  if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
  const { target } = event;
  if (!(target instanceof Element) || isTyping(target) || target.closest("[role=menu], form"))
    return;
  if (walk(target, event.key === "ArrowUp" ? -1 : 1)) event.preventDefault();
}

function prefersStill(): boolean {
  return matches("(prefers-reduced-motion: reduce)");
}

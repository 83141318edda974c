import { ArrowDown, Flame } from "lucide-react";
import {
  type ReactNode,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useLocation } from "react-router";
import type { User } from "../api/types";
import { useEntries } from "../outbox/context";
import { IconButton, names } from "../ui/button";
import { matches } from "../ui/media";
import { Notice } from "../ui/notice";
import { longDate, Time } from "../ui/time";
import { words } from "../words";
import { Edge } from "./edge";
import type { Place, RoomFeed } from "./feed";
import { MessageItem } from "./message-item";
import { type Row, rowsOf } from "./rows";
import { UnsentItem } from "./unsent-item";
import { useScrollKeeper } from "./use-scroll-keeper";
import type { MessageWindow } from "./window";

interface Props {
  feed: RoomFeed;
  window: MessageWindow;
  place: Place;
  roomId: number;
  roomName: string;
  me: User;
  /** Stands above the first message. */
  intro: ReactNode;
}

/** The conversation: scrolls, loads more on both ends, follows what comes in. */
export function MessageList({ feed, window, place, roomId, roomName, me, intro }: Props) {
  const entries = useEntries(roomId);
  const rows = useMemo(() => rowsOf(window.messages, entries), [window.messages, entries]);
  const [busy, setBusy] = useState(false);

  const onMove = useCallback(
    (top: HTMLElement | null, followsEnd: boolean) => {
      feed.readsEnd = followsEnd;
      feed.topMessageId = Number(top?.dataset.messageId) || null;
    },
    [feed],
  );
  const keeper = useScrollKeeper(onMove);
  const hasNews = useNewsBelow(rows, keeper.followsEnd);
  const marked = usePlace(place, window, keeper.list, keeper.scrollTo);

  const { scrollToEnd } = keeper;
  useEffect(() => feed.onJump(() => scrollToEnd()), [feed, scrollToEnd]);
  const jump = () => {
    if (!window.atEnd) return feed.jumpToNewest();
    scrollToEnd(matches("(prefers-reduced-motion: reduce)") ? "auto" : "smooth");
  };
  const loadOlder = useCallback(() => feed.loadOlder(), [feed]);
  const loadNewer = useCallback(() => feed.loadNewer(), [feed]);

  return (
    <div className="messages-area">
      <div
        className="messages"
        ref={keeper.list}
        onScroll={keeper.onScroll}
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
          {rows.length === 0 && !intro && (
            <Notice icon={<Flame />} title={words.rooms.emptyTitle(roomName)}>
              {words.rooms.empty}
            </Notice>
          )}
          {rows.map((row) => (
            <RowItem
              key={row.key}
              row={row}
              me={me}
              isMarked={row.kind === "message" && row.message.id === marked}
            />
          ))}
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
      {(!window.atEnd || !keeper.followsEnd) && (
        <IconButton
          label={words.messages.jump}
          className={names("messages__jump", (hasNews || !window.atEnd) && "messages__jump--news")}
          onClick={jump}
        >
          <ArrowDown aria-hidden="true" />
        </IconButton>
      )}
    </div>
  );
}

function RowItem({ row, me, isMarked }: { row: Row; me: User; isMarked: boolean }) {
  if (row.kind === "day") {
    return (
      <h2 className="day">
        <Time className="day__date" date={row.date} format={longDate} />
      </h2>
    );
  }
  if (row.kind === "entry") return <UnsentItem entry={row.entry} follows={row.follows} me={me} />;
  const { message, follows } = row;
  return <MessageItem message={message} follows={follows} myId={me.id} isMarked={isMarked} />;
}

/** Whether something came in below while the reader was looking further up. */
function useNewsBelow(rows: readonly Row[], followsEnd: boolean): boolean {
  const last = rows.at(-1)?.key;
  const [seen, setSeen] = useState(last);
  if (followsEnd && seen !== last) setSeen(last);
  return !followsEnd && seen !== last;
}

/** How long the message that a link leads to stays marked, in milliseconds. */
const markedFor = 3_000;

/** Shows the message that the address names, once per visit. Returns its number while it is marked. */
function usePlace(
  place: Place,
  window: MessageWindow,
  list: { readonly current: HTMLDivElement | null },
  scrollTo: (element: HTMLElement) => void,
): number | null {
  const { key } = useLocation();
  const shown = useRef<string | null>(null);
  const [marked, setMarked] = useState<number | null>(null);
  const isThere = place !== "newest" && window.messages.some(({ id }) => id === place);

  useLayoutEffect(() => {
    if (!isThere || shown.current === key) return;
    const element = list.current?.querySelector<HTMLElement>(`[data-message-id="${place}"]`);
    if (!element) return;
    shown.current = key;
    scrollTo(element);
    setMarked(place);
  }, [isThere, key, place, list, scrollTo]);

  useEffect(() => {
    if (marked === null) return;
    const timer = setTimeout(() => setMarked(null), markedFor);
    return () => clearTimeout(timer);
  }, [marked]);
  return marked;
}

// A room's messages: a window that grows at both ends, keeps its place, and follows what is new when one is at the end.
import { ArrowDown } from 'lucide-react';
import { Fragment, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { User } from '../api/client';
import type { Entry } from '../outbox/store';
import { IconButton } from '../ui/parts';
import { words } from '../words';
import { place } from './grouping';
import { DaySeparator, MessageView, WaitingMessage } from './MessageView';
import type { Window } from './window';

/** Pixels from the end within which one counts as reading the newest. */
const NEAR = 100;
/** Pixels from an edge at which the next page is fetched. */
const EDGE = 400;

interface Props {
  window: Window;
  waiting: Entry[];
  me: User;
  offline: boolean;
  marked: number | undefined;
  welcome: ReactNode;
  older: () => void;
  newer: () => void;
  latest: () => Promise<void>;
  loading: 'older' | 'newer' | undefined;
  failed: boolean;
}

export function MessageList({
  window,
  waiting,
  me,
  offline,
  marked,
  welcome,
  older,
  newer,
  latest,
  loading,
  failed,
}: Props) {
  const list = useRef<HTMLElement>(null);
  const [near, setNear] = useState(marked === undefined);
  const follow = useScroll(list, window, waiting, marked, near);
  const { messages, atStart, atEnd } = window;

  function onScroll() {
    const element = list.current;
    if (!element) return;
    const below = element.scrollHeight - element.scrollTop - element.clientHeight;
    setNear(atEnd && below < NEAR);
    if (element.scrollTop < EDGE && !atStart && !failed) older();
    if (below < EDGE && !atEnd) newer();
  }

  async function jump() {
    if (!atEnd) await latest();
    follow();
  }

  // A page that does not fill the screen leaves nothing to scroll.
  useEffect(() => {
    const element = list.current;
    if (element && !atStart && !failed && element.scrollHeight <= element.clientHeight) older();
  }, [atStart, failed, older]);

  const last = messages.at(-1);
  return (
    <section
      className="messages"
      ref={list}
      onScroll={onScroll}
      aria-label={words.room.messages}
      role="log"
      tabIndex={-1}
    >
      {loading === 'older' && <p className="messages__edge">{words.room.older}</p>}
      {failed && (
        <p className="messages__edge">
          {words.room.olderFailed}{' '}
          <button type="button" className="link-button" onClick={older}>
            {words.retry}
          </button>
        </p>
      )}
      <div className="messages__gap" />
      {atStart && welcome}
      {messages.map((message, index) => {
        const where = place(messages[index - 1], message);
        return (
          <Fragment key={message.id}>
            {where.newDay && <DaySeparator at={message.created_at} />}
            <MessageView
              message={message}
              mine={message.creator.id === me.id}
              place={where}
              marked={message.id === marked}
            />
          </Fragment>
        );
      })}
      {atEnd &&
        waiting.map((entry, index) => (
          <WaitingMessage
            key={entry.id}
            entry={entry}
            me={me}
            offline={offline}
            follows={index > 0 || last?.creator.id === me.id}
          />
        ))}
      {!near && <IconButton className="jump" icon={ArrowDown} label={words.room.newest} onClick={() => void jump()} />}
    </section>
  );
}

/** Keeps the view where the reader is: at the end with what is new, or on what they read while things change around it. */
function useScroll(
  list: React.RefObject<HTMLElement | null>,
  window: Window,
  waiting: Entry[],
  marked: number | undefined,
  near: boolean,
): () => void {
  const anchor = useRef<{ id: string; top: number }>(undefined);
  const begun = useRef(false);
  const mine = useRef(waiting.length);
  const toEnd = () => {
    const element = list.current;
    if (element) element.scrollTop = element.scrollHeight;
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs after each change of what is shown
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const wrote = waiting.length > mine.current;
    mine.current = waiting.length;
    if (!begun.current) {
      begun.current = true;
      const target = marked !== undefined && element.querySelector(`[data-message-id="${marked}"]`);
      if (target instanceof HTMLElement) {
        target.scrollIntoView({ block: 'center' });
        target.focus({ preventScroll: true });
      } else toEnd();
    } else if (near || wrote) {
      toEnd();
    } else if (anchor.current) {
      const kept = element.querySelector(`[data-message-id="${anchor.current.id}"]`);
      if (kept) element.scrollTop += kept.getBoundingClientRect().top - anchor.current.top;
    }
    remember();
  }, [window, waiting]);

  function remember() {
    const element = list.current;
    if (!element) return;
    const top = element.getBoundingClientRect().top;
    for (const child of element.querySelectorAll<HTMLElement>('[data-message-id]')) {
      const box = child.getBoundingClientRect();
      if (box.bottom > top) {
        anchor.current = { id: child.dataset.messageId ?? '', top: box.top };
        return;
      }
    }
  }

  useEffect(() => {
    const element = list.current;
    if (!element) return;
    element.addEventListener('scroll', remember, { passive: true });
    // A phone's keyboard or a turned screen must not hide the newest.
    const sizes = new ResizeObserver(() => near && toEnd());
    sizes.observe(element);
    return () => {
      element.removeEventListener('scroll', remember);
      sizes.disconnect();
    };
  });

  return toEnd;
}

import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useLocation } from "react-router";
import type { ScrollTarget } from "../messages/feed";
import type { MessageWindow } from "../messages/window";

/** How long a linked message stays highlighted, in milliseconds. */
const markedFor = 1_500;

/**
 * Scrolls to the message in the URL, once per navigation. Returns its id while it is highlighted.
 */
export function useScrollToTarget(
  place: ScrollTarget,
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
    // Keyboard and screen reader users continue from the message.
    element.focus({ preventScroll: true });
    setMarked(place);
  }, [isThere, key, place, list, scrollTo]);

  useEffect(() => {
    if (marked === null) return;
    const timer = setTimeout(() => setMarked(null), markedFor);
    return () => clearTimeout(timer);
  }, [marked]);
  return marked;
}

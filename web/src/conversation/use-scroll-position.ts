import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useLocation } from "react-router";
import type { ScrollTarget } from "../messages/feed";
import type { MessageWindow } from "../messages/window";

/** How long a linked message stays highlighted, in milliseconds. */
const highlightDuration = 1_500;

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
  const shownKey = useRef<string | null>(null);
  const [highlightedId, setHighlightedId] = useState<number | null>(null);
  const isThere = place !== "newest" && window.messages.some(({ id }) => id === place);

  useLayoutEffect(() => {
    if (!isThere || shownKey.current === key) return;
    const element = list.current?.querySelector<HTMLElement>(`[data-message-id="${place}"]`);
    if (!element) return;
    shownKey.current = key;
    scrollTo(element);
    // Keyboard and screen reader users continue from the message.
    element.focus({ preventScroll: true });
    setHighlightedId(place);
  }, [isThere, key, place, list, scrollTo]);

  useEffect(() => {
    if (highlightedId === null) return;
    const timer = setTimeout(() => setHighlightedId(null), highlightDuration);
    return () => clearTimeout(timer);
  }, [highlightedId]);
  return highlightedId;
}

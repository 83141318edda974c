import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useLocation } from "react-router";
import type { ScrollTarget } from "../messages/feed";
import type { MessageWindow } from "../messages/window";

/** How long the message that a link leads to stays outlined, in milliseconds. */
const markedFor = 1_500;

/** Shows the message that the address names, once per visit. Returns its number while it is marked. */
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
    // Whoever goes on by keyboard, or listens, starts from what they came for.
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

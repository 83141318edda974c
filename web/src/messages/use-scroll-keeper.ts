import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

/** Nearer to the end than this, in CSS pixels, a reader follows the conversation. */
const atEndWithin = 100;

/** By these a reader takes the list into their own hands. */
const takingOver = ["wheel", "touchstart", "keydown", "pointerdown"];

interface Anchor {
  element: HTMLElement;
  /** Distance from the top of the list's visible part, in CSS pixels. */
  top: number;
}

interface Keeper {
  list: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  /** The reader follows the conversation. */
  followsEnd: boolean;
  onScroll: () => void;
  scrollToEnd: (behavior?: ScrollBehavior) => void;
  /** Puts an element in the middle and stays there. */
  scrollTo: (element: HTMLElement) => void;
}

/**
 * Keeps what a reader looks at in its place while the list changes around it: the end for whoever
 * follows the conversation, otherwise the topmost message in view. Pages put in above, pictures that
 * load, and a keyboard that comes up all go through here. `onMove` hears which row is on top.
 */
export function useScrollKeeper(
  onMove: (top: HTMLElement | null, followsEnd: boolean) => void,
): Keeper {
  const list = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const anchor = useRef<Anchor | null>(null);
  const follows = useRef(true);
  /** On the way to the end, smoothly: nothing may set the position until it is reached or given up. */
  const glides = useRef(false);
  const [followsEnd, setFollowsEnd] = useState(true);

  const look = useCallback(() => {
    const box = list.current;
    if (!box || !content.current) return;
    follows.current = distanceToEnd(box) < atEndWithin;
    if (follows.current) glides.current = false;
    anchor.current = topmost(box, content.current);
    setFollowsEnd(follows.current);
    onMove(anchor.current?.element ?? null, follows.current);
  }, [onMove]);

  const restore = useCallback(() => {
    const box = list.current;
    if (!box || glides.current) return;
    if (follows.current) {
      box.scrollTop = box.scrollHeight;
      return;
    }
    const kept = anchor.current;
    if (!kept?.element.isConnected) return;
    const moved = offset(kept.element, box) - kept.top;
    if (Math.abs(moved) >= 1) box.scrollTop += moved;
  }, []);

  useLayoutEffect(restore);

  useEffect(() => {
    const box = list.current;
    if (!box) return;
    const giveUp = () => {
      glides.current = false;
    };
    // The end may have moved on while the list was on its way there.
    const arrive = () => {
      if (!glides.current) return;
      glides.current = false;
      box.scrollTop = box.scrollHeight;
    };
    box.addEventListener("scrollend", arrive);
    for (const event of takingOver) box.addEventListener(event, giveUp, { passive: true });
    return () => {
      box.removeEventListener("scrollend", arrive);
      for (const event of takingOver) box.removeEventListener(event, giveUp);
    };
  }, []);

  useEffect(() => {
    const observer = new ResizeObserver(restore);
    if (list.current) observer.observe(list.current);
    if (content.current) observer.observe(content.current);
    return () => observer.disconnect();
  }, [restore]);

  const scrollToEnd = useCallback((behavior: ScrollBehavior = "auto") => {
    const box = list.current;
    if (!box) return;
    glides.current = behavior === "smooth" && distanceToEnd(box) >= 1;
    follows.current = !glides.current;
    box.scrollTo({ top: box.scrollHeight, behavior });
  }, []);

  const scrollTo = useCallback(
    (element: HTMLElement) => {
      follows.current = false;
      element.scrollIntoView({ block: "center" });
      look();
      // Near the end, too, the reader came for this message: stay with it.
      follows.current = false;
    },
    [look],
  );

  return { list, content, followsEnd, onScroll: look, scrollToEnd, scrollTo };
}

function distanceToEnd(box: HTMLElement): number {
  return box.scrollHeight - box.scrollTop - box.clientHeight;
}

/** The first row that is at least partly in view, by bisection: rows stand in order. */
function topmost(box: HTMLElement, content: HTMLElement): Anchor | null {
  const rows = content.querySelectorAll<HTMLElement>("[data-row]");
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (row && offset(row, box) + row.offsetHeight > 0) high = middle;
    else low = middle + 1;
  }
  const element = rows[low];
  return element ? { element, top: offset(element, box) } : null;
}

function offset(element: HTMLElement, box: HTMLElement): number {
  return element.getBoundingClientRect().top - box.getBoundingClientRect().top;
}

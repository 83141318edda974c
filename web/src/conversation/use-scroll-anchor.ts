import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { ScrollPosition } from "../messages/feed";
import {
  distanceToEnd,
  firstVisibleRow,
  followsEnd,
  isEndInView,
  preferFullyVisible,
  type RowPosition,
  scrollCorrection,
} from "../messages/scroll-anchor";

/** By these a reader takes the list into their own hands. */
const userScrollEvents = ["wheel", "touchstart", "keydown", "pointerdown"];

/** Rows remembered from the top of the view on: that many may vanish at once without a jump. */
const maxAnchorRows = 12;

interface ScrollAnchor {
  list: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  /** Nothing is left below: the reader follows the conversation, or the end is in view anyway. */
  seesEnd: boolean;
  onScroll: () => void;
  scrollToEnd: (behavior?: ScrollBehavior) => void;
  /** Puts an element in the middle and stays there. */
  scrollTo: (element: HTMLElement) => void;
}

/**
 * Keeps what a reader looks at in its place while the list changes around it: the end for whoever
 * follows the conversation, otherwise the topmost message in view. Pages put in above, pictures that
 * load, deletions and a keyboard that comes up all go through here. Begins at `start`, or at the end.
 * `onMove` hears where the reader stands: null at the end.
 */
export function useScrollAnchor(
  start: ScrollPosition | null,
  onMove: (position: ScrollPosition | null) => void,
): ScrollAnchor {
  const list = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const seen = useRef<readonly RowPosition<HTMLElement>[]>([]);
  const follows = useRef(start === null);
  const lastTop = useRef(0);
  /** On the way to the end, smoothly: nothing may set the position until it is reached or given up. */
  const isSmoothScrolling = useRef(false);
  const [seesEnd, setSeesEnd] = useState(start === null);

  const look = useCallback(() => {
    const box = list.current;
    if (!box || !content.current) return;
    const before = { scrollTop: lastTop.current, follows: follows.current };
    follows.current = followsEnd(before, box);
    lastTop.current = box.scrollTop;
    if (follows.current && distanceToEnd(box) < 1) isSmoothScrolling.current = false;
    seen.current = rowsInView(box, content.current);
    setSeesEnd(follows.current || isEndInView(box));
    onMove(follows.current ? null : positionOf(seen.current));
  }, [onMove]);

  const restore = useCallback(() => {
    const box = list.current;
    if (!box || isSmoothScrolling.current) return;
    if (follows.current) {
      box.scrollTop = box.scrollHeight;
      lastTop.current = box.scrollTop;
      return;
    }
    const moved = scrollCorrection(seen.current, (row) =>
      row.isConnected ? offset(row, box) : null,
    );
    if (moved !== null && Math.abs(moved) >= 1) {
      box.scrollTop += moved;
      lastTop.current = box.scrollTop;
    }
    // What came in or went below brings no scrolling that would tell.
    setSeesEnd(isEndInView(box));
  }, []);

  // Where the reader left the room, once: before the first look nothing was seen.
  const begun = useRef(false);
  useLayoutEffect(() => {
    const box = list.current;
    if (begun.current || !box || !start) return;
    begun.current = true;
    const row = box.querySelector<HTMLElement>(`[data-message-id="${start.messageId}"]`);
    if (row) seen.current = [{ row, top: start.top }];
    else follows.current = true;
    restore();
    look();
  }, [start, restore, look]);

  useLayoutEffect(restore);

  useEffect(() => {
    const box = list.current;
    if (!box) return;
    const giveUp = () => {
      isSmoothScrolling.current = false;
    };
    // The end may have moved on while the list was on its way there.
    const arrive = () => {
      if (!isSmoothScrolling.current) return;
      isSmoothScrolling.current = false;
      follows.current = true;
      restore();
    };
    box.addEventListener("scrollend", arrive);
    for (const event of userScrollEvents) box.addEventListener(event, giveUp, { passive: true });
    return () => {
      box.removeEventListener("scrollend", arrive);
      for (const event of userScrollEvents) box.removeEventListener(event, giveUp);
    };
  }, [restore]);

  useEffect(() => {
    const observer = new ResizeObserver(restore);
    if (list.current) observer.observe(list.current);
    if (content.current) observer.observe(content.current);
    return () => observer.disconnect();
  }, [restore]);

  const scrollToEnd = useCallback((behavior: ScrollBehavior = "auto") => {
    const box = list.current;
    if (!box) return;
    isSmoothScrolling.current = behavior === "smooth" && distanceToEnd(box) >= 1;
    follows.current = !isSmoothScrolling.current;
    box.scrollTo({ top: box.scrollHeight, behavior });
  }, []);

  const scrollTo = useCallback(
    (element: HTMLElement) => {
      isSmoothScrolling.current = false;
      follows.current = false;
      element.scrollIntoView({ block: "center" });
      look();
      // Near the end, too, the reader came for this message: stay with it.
      follows.current = false;
    },
    [look],
  );

  return { list, content, seesEnd, onScroll: look, scrollToEnd, scrollTo };
}

function rowsInView(box: HTMLElement, content: HTMLElement): readonly RowPosition<HTMLElement>[] {
  // Asked for at every step of a scroll: the page keeps this list itself, without looking through hundreds of rows.
  const rows = content.getElementsByClassName("message") as HTMLCollectionOf<HTMLElement>;
  const top = box.getBoundingClientRect().top;
  const bottomOf = (index: number) => (rows[index]?.getBoundingClientRect().bottom ?? top) - top;
  const first = firstVisibleRow(rows.length, bottomOf);
  const seen: RowPosition<HTMLElement>[] = [];
  for (let index = first; index < Math.min(first + maxAnchorRows, rows.length); index += 1) {
    const row = rows[index];
    if (row) seen.push({ row, top: anchorOf(row).getBoundingClientRect().top - top });
  }
  return preferFullyVisible(seen, box.clientHeight);
}

/** The first of these rows that is a message of the server. */
function positionOf(seen: readonly RowPosition<HTMLElement>[]): ScrollPosition | null {
  for (const { row, top } of seen) {
    const messageId = Number(row.dataset.messageId);
    if (messageId) return { messageId, top };
  }
  return null;
}

function offset(row: HTMLElement, box: HTMLElement): number {
  return anchorOf(row).getBoundingClientRect().top - box.getBoundingClientRect().top;
}

/**
 * What is read in a row, or the editor in its place: the name above it goes when an older message of the same author
 * comes in before it, and below it boosts come and go.
 */
function anchorOf(row: HTMLElement): Element {
  return row.getElementsByClassName("message__meta")[0]?.nextElementSibling ?? row;
}

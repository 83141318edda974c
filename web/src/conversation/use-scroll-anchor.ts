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

/** Events by which the reader starts scrolling. */
const userScrollEvents = ["wheel", "touchstart", "keydown", "pointerdown"];

/**
 * How many visible rows are used as scroll anchors: so many may be removed at once without a jump.
 */
const maxAnchorRows = 12;

interface ScrollAnchor {
  list: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  /** The end is visible, or the reader follows it. */
  seesEnd: boolean;
  onScroll: () => void;
  scrollToEnd: (behavior?: ScrollBehavior) => void;
  /** Centers an element and keeps it in place. */
  scrollTo: (element: HTMLElement) => void;
}

/**
 * Scroll anchoring: keeps the visible messages in place while the list changes. Readers who follow
 * the conversation stay at the end; for others the topmost visible message stays in place. Handles
 * older pages, images that load late, deletions and the on-screen keyboard. Starts at `start`, or
 * at the end. `onMove` is called with the scroll position, null at the end.
 */
export function useScrollAnchor(
  start: ScrollPosition | null,
  onMove: (position: ScrollPosition | null) => void,
): ScrollAnchor {
  const list = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const anchors = useRef<readonly RowPosition<HTMLElement>[]>([]);
  const follows = useRef(start === null);
  const lastTop = useRef(0);
  /**
   * A smooth scroll to the end is running: the position must not be set until it ends or the reader
   * interrupts it.
   */
  const isSmoothScrolling = useRef(false);
  const [seesEnd, setSeesEnd] = useState(start === null);

  const recordAnchors = useCallback(() => {
    const box = list.current;
    if (!box || !content.current) return;
    const before = { scrollTop: lastTop.current, follows: follows.current };
    follows.current = followsEnd(before, box);
    lastTop.current = box.scrollTop;
    if (follows.current && distanceToEnd(box) < 1) isSmoothScrolling.current = false;
    anchors.current = rowsInView(box, content.current);
    setSeesEnd(follows.current || isEndInView(box));
    onMove(follows.current ? null : positionOf(anchors.current));
  }, [onMove]);

  const restore = useCallback(() => {
    const box = list.current;
    if (!box || isSmoothScrolling.current) return;
    if (follows.current) {
      box.scrollTop = box.scrollHeight;
      lastTop.current = box.scrollTop;
      return;
    }
    const moved = scrollCorrection(anchors.current, (row) =>
      row.isConnected ? offset(row, box) : null,
    );
    if (moved !== null && Math.abs(moved) >= 1) {
      box.scrollTop += moved;
      lastTop.current = box.scrollTop;
    }
    // Changes below fire no scroll event.
    setSeesEnd(isEndInView(box));
  }, []);

  // Restores the saved position once, before the first measurement.
  const initialized = useRef(false);
  useLayoutEffect(() => {
    const box = list.current;
    if (initialized.current || !box || !start) return;
    initialized.current = true;
    const row = box.querySelector<HTMLElement>(`[data-message-id="${start.messageId}"]`);
    if (row) anchors.current = [{ row, top: start.top }];
    else follows.current = true;
    restore();
    recordAnchors();
  }, [start, restore, recordAnchors]);

  useLayoutEffect(restore);

  useEffect(() => {
    const box = list.current;
    if (!box) return;
    const onUserScroll = () => {
      isSmoothScrolling.current = false;
    };
    // The end may have moved during the smooth scroll.
    const onScrollEnd = () => {
      if (!isSmoothScrolling.current) return;
      isSmoothScrolling.current = false;
      follows.current = true;
      restore();
    };
    box.addEventListener("scrollend", onScrollEnd);
    for (const event of userScrollEvents)
      box.addEventListener(event, onUserScroll, { passive: true });
    return () => {
      box.removeEventListener("scrollend", onScrollEnd);
      for (const event of userScrollEvents) box.removeEventListener(event, onUserScroll);
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
      recordAnchors();
      // The reader came for this message, so do not follow the end, even close to it.
      follows.current = false;
    },
    [recordAnchors],
  );

  return { list, content, seesEnd, onScroll: recordAnchors, scrollToEnd, scrollTo };
}

function rowsInView(box: HTMLElement, content: HTMLElement): readonly RowPosition<HTMLElement>[] {
  // Runs on each scroll event, so it uses a live collection instead of a query over hundreds of
  // rows.
  const rows = content.getElementsByClassName("message") as HTMLCollectionOf<HTMLElement>;
  const top = box.getBoundingClientRect().top;
  const bottomOf = (index: number) => (rows[index]?.getBoundingClientRect().bottom ?? top) - top;
  const first = firstVisibleRow(rows.length, bottomOf);
  const anchors: RowPosition<HTMLElement>[] = [];
  for (let index = first; index < Math.min(first + maxAnchorRows, rows.length); index += 1) {
    const row = rows[index];
    if (row) anchors.push({ row, top: anchorOf(row).getBoundingClientRect().top - top });
  }
  return preferFullyVisible(anchors, box.clientHeight);
}

/** The first of these rows that is a stored message. */
function positionOf(anchors: readonly RowPosition<HTMLElement>[]): ScrollPosition | null {
  for (const { row, top } of anchors) {
    const messageId = Number(row.dataset.messageId);
    if (messageId) return { messageId, top };
  }
  return null;
}

function offset(row: HTMLElement, box: HTMLElement): number {
  return anchorOf(row).getBoundingClientRect().top - box.getBoundingClientRect().top;
}

/**
 * The text of a row, or its editor. The author's name above it disappears when an older message of
 * the same author is loaded, and boosts below it change.
 */
function anchorOf(row: HTMLElement): Element {
  return row.getElementsByClassName("message__meta")[0]?.nextElementSibling ?? row;
}

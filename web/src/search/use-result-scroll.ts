import { type RefObject, useCallback, useLayoutEffect, useRef } from "react";
import { firstVisibleRow, type RowPosition, scrollCorrection } from "../messages/scroll-anchor";

/** How many results are used as scroll anchors: so many may be removed at once without a jump. */
const maxAnchorRows = 12;

interface ResultScroll {
  list: RefObject<HTMLDivElement | null>;
  onScroll: () => void;
}

/**
 * Starts at the end, where the newest results are, or at the result that the user returns from.
 * Keeps the scroll position when older results are added above and when the results change.
 */
export function useResultScroll(isThere: boolean, place: number | null): ResultScroll {
  const list = useRef<HTMLDivElement>(null);
  const anchors = useRef<readonly RowPosition<HTMLElement>[]>([]);
  const initialized = useRef(false);
  const start = useRef(place);

  const recordAnchors = useCallback(() => {
    if (list.current) anchors.current = resultsInView(list.current);
  }, []);

  // After each render, because results may have been added or removed above.
  useLayoutEffect(() => {
    const box = list.current;
    if (!box || !isThere) return;
    const moved = scrollCorrection(anchors.current, (row) =>
      row.isConnected ? offset(row, box) : null,
    );
    if (moved === null) box.scrollTop = box.scrollHeight;
    else if (Math.abs(moved) >= 1) box.scrollTop += moved;
    if (!initialized.current) {
      initialized.current = true;
      const from = box.querySelector<HTMLElement>(`[data-result="${start.current}"] a`);
      from?.focus();
      from?.scrollIntoView({ block: "center" });
    }
    recordAnchors();
  });

  return { list, onScroll: recordAnchors };
}

function resultsInView(box: HTMLElement): readonly RowPosition<HTMLElement>[] {
  const rows = [...box.querySelectorAll<HTMLElement>("[data-result]")];
  const top = box.getBoundingClientRect().top;
  const first = firstVisibleRow(
    rows.length,
    (index) => (rows[index]?.getBoundingClientRect().bottom ?? top) - top,
  );
  return rows.slice(first, first + maxAnchorRows).map((row) => ({ row, top: offset(row, box) }));
}

function offset(row: HTMLElement, box: HTMLElement): number {
  return row.getBoundingClientRect().top - box.getBoundingClientRect().top;
}

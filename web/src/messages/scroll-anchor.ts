/** The arithmetic of keeping a reader's place; knows no page. */

/** Nearer to the end than this, in CSS pixels, a reader follows the conversation. */
const followThreshold = 100;

/** What a scrolling box says about itself, in CSS pixels. */
export interface ScrollMetrics {
  scrollTop: number;
  scrollHeight: number;
  clientHeight: number;
}

export function distanceToEnd({ scrollTop, scrollHeight, clientHeight }: ScrollMetrics): number {
  return scrollHeight - scrollTop - clientHeight;
}

/** Whether nothing is left below what is in view; zoomed pages miss it by a fraction. */
export function isEndInView(extent: ScrollMetrics): boolean {
  return distanceToEnd(extent) < 2;
}

/**
 * Whether the reader follows the end. Whoever followed it and did not move up still does, also when the
 * content has grown below in the meantime: only a reader leaves the end, never a late picture.
 */
export function followsEnd(
  before: { scrollTop: number; follows: boolean },
  now: ScrollMetrics,
): boolean {
  // Nobody moved: our own scrolling is told, too.
  if (now.scrollTop === before.scrollTop) return before.follows;
  if (distanceToEnd(now) < followThreshold) return true;
  return before.follows && now.scrollTop > before.scrollTop;
}

/** A row and where its top stood below the top of the list. */
export interface RowPosition<Row> {
  row: Row;
  top: number;
}

/**
 * Puts the row that is cut off at the top last, if another one begins in view: should the cut one grow,
 * what is read below it stays where it is.
 */
export function preferFullyVisible<Row>(
  seen: readonly RowPosition<Row>[],
  height: number,
): readonly RowPosition<Row>[] {
  const [cut, next] = seen;
  if (!cut || !next || cut.top >= 0 || next.top >= height) return seen;
  return [...seen.slice(1), cut];
}

/**
 * By how much the list must scroll so that what was seen stands where it stood: measured at the first
 * of the rows seen that is still there. Null if none is left.
 */
export function scrollCorrection<Row>(
  seen: readonly RowPosition<Row>[],
  topNow: (row: Row) => number | null,
): number | null {
  for (const { row, top } of seen) {
    const now = topNow(row);
    if (now !== null) return now - top;
  }
  return null;
}

/** The number of the first row whose end lies below the top of the list; rows stand in order. */
export function firstVisibleRow(count: number, bottomOf: (index: number) => number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bottomOf(middle) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The arithmetic of scroll anchoring, without access to the page. */

/** A reader closer to the end than this, in CSS pixels, follows it. */
const followThreshold = 100;

/** The scroll metrics of an element, in CSS pixels. */
export interface ScrollMetrics {
  scrollTop: number;
  scrollHeight: number;
  clientHeight: number;
}

export function distanceToEnd({ scrollTop, scrollHeight, clientHeight }: ScrollMetrics): number {
  return scrollHeight - scrollTop - clientHeight;
}

/** Whether the end is visible. On zoomed pages the distance is off by a fraction. */
export function isEndInView(extent: ScrollMetrics): boolean {
  return distanceToEnd(extent) < 2;
}

/**
 * Whether the reader follows the end. A reader who followed it and did not scroll up still does,
 * even if content below has grown: only the reader stops following, never an image that loads late.
 */
export function followsEnd(
  before: { scrollTop: number; follows: boolean },
  now: ScrollMetrics,
): boolean {
  // The position is the same: programmatic scrolling fires scroll events as well.
  if (now.scrollTop === before.scrollTop) return before.follows;
  if (distanceToEnd(now) < followThreshold) return true;
  return before.follows && now.scrollTop > before.scrollTop;
}

/** A row and the distance of its top from the top of the list. */
export interface RowPosition<Row> {
  row: Row;
  top: number;
}

/**
 * Moves the partly visible row at the top to the end of the list, if the next row starts in view:
 * if the partly visible row grows, the text below it stays in place.
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
 * How far to scroll so that what was visible stays in place, measured at the first of the rows that
 * still exists. Null if there is none.
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

/** The index of the first row whose bottom is below the top of the list. Rows are in order. */
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

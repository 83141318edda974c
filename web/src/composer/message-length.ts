/** What the server takes as one message, in bytes of HTML. */
export const longest = 64 * 1024;

/** From here on one is told how much is left. */
const near = 0.9;

const encoder = new TextEncoder();

export interface Length {
  isTooLong: boolean;
  /** Of the longest message, in percent; null while there is plenty left. */
  percent: number | null;
}

/** How long a message has become. */
export function lengthOf(html: string): Length {
  // No text has more than three bytes for each of its code units.
  if (html.length * 3 < longest * near) return { isTooLong: false, percent: null };
  const part = encoder.encode(html).length / longest;
  return {
    isTooLong: part > 1,
    // 100 % still fits: only beyond it is a message too long.
    percent:
      part < near ? null : part > 1 ? Math.max(101, Math.ceil(part * 100)) : Math.floor(part * 100),
  };
}

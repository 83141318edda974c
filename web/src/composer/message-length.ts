/** What the server takes as one message, in bytes of HTML. */
export const maxMessageBytes = 64 * 1024;

/** From here on one is told how much is left. */
const warnFrom = 0.9;

const encoder = new TextEncoder();

export interface MessageLength {
  isTooLong: boolean;
  /** Of the longest message, in percent; null while there is plenty left. */
  percent: number | null;
}

/** How long a message has become. */
export function messageLength(html: string): MessageLength {
  // No text has more than three bytes for each of its code units.
  if (html.length * 3 < maxMessageBytes * warnFrom) return { isTooLong: false, percent: null };
  const part = encoder.encode(html).length / maxMessageBytes;
  return {
    isTooLong: part > 1,
    // 100 % still fits: only beyond it is a message too long.
    percent:
      part < warnFrom
        ? null
        : part > 1
          ? Math.max(101, Math.ceil(part * 100))
          : Math.floor(part * 100),
  };
}

/** The server's limit for one message, in bytes of HTML. */
export const maxMessageBytes = 64 * 1024;

/** From this share of the limit on, the composer shows how much is used. */
const warnFrom = 0.9;

const encoder = new TextEncoder();

export interface MessageLength {
  isTooLong: boolean;
  /** The share of the limit in percent; null while there is plenty left. */
  percent: number | null;
}

export function messageLength(html: string): MessageLength {
  // A UTF-16 code unit takes at most three bytes in UTF-8.
  if (html.length * 3 < maxMessageBytes * warnFrom) return { isTooLong: false, percent: null };
  const part = encoder.encode(html).length / maxMessageBytes;
  return {
    isTooLong: part > 1,
    // 100 % is still allowed.
    percent:
      part < warnFrom
        ? null
        : part > 1
          ? Math.max(101, Math.ceil(part * 100))
          : Math.floor(part * 100),
  };
}

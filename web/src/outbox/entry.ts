/** A message that the server has not acknowledged yet. */
export interface OutboxEntry {
  /**
   * Created when the message was submitted. The server stores the message once, even if it is sent
   * several times.
   */
  clientMessageId: string;
  /** Only this user sends the entry, not the next user who signs in on this device. */
  userId: number;
  roomId: number;
  /** Shown until the server has rendered the message; sent if there is no `html`. */
  text: string;
  /** The editor's HTML. Entries of earlier versions only have text. */
  html?: string;
  /** Milliseconds since the epoch, by this device's clock. Only for display. */
  writtenAt: number;
  /** Entries of a room are sent in this order. */
  position: number;
  state: "waiting" | "failed";
  /** The server's reason for rejecting the message, as a sentence. */
  reason: string | null;
}

/** A random (version 4) UUID. `crypto.randomUUID` is missing on plain HTTP other than localhost. */
export function newClientMessageId(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

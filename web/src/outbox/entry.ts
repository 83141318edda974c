/** A message somebody wrote that the server has not acknowledged yet. */
export interface OutboxEntry {
  /** Made when the message was submitted; the server stores it once, however often it is sent. */
  clientMessageId: string;
  /** Entries belong to a person: whoever signs in next on this device does not send them. */
  userId: number;
  roomId: number;
  /** What the list shows until the server has rendered the message; also what is sent if `html` is missing. */
  text: string;
  /** What the editor made. Entries of earlier versions have only text. */
  html?: string;
  /** Milliseconds since the epoch, by this device's clock. Only for showing. */
  writtenAt: number;
  /** Entries of a room are sent in this order. */
  position: number;
  state: "waiting" | "failed";
  /** Why the server refused it, as a sentence. */
  reason: string | null;
}

/** A random (version 4) UUID. `crypto.randomUUID` is missing on plain-HTTP addresses other than localhost. */
export function newClientMessageId(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

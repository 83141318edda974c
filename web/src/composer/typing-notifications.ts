import type { TypingEvent } from "../cable/channels";

/** Typing notifications, sent and received. */

/** The shortest time between two notifications, in milliseconds. */
const notifyInterval = 1_000;

/** A typist without further notifications expires after this time, in milliseconds. */
export const typingTimeout = 5_000;

/** Sends `start` while the text changes, and `stop` once it is empty. */
export class TypingNotifier {
  readonly #send: (action: "start" | "stop") => void;
  readonly #now: () => number;
  #lastSentAt: number | null = null;

  constructor(send: (action: "start" | "stop") => void, now: () => number = Date.now) {
    this.#send = send;
    this.#now = now;
  }

  changed(hasText: boolean) {
    if (!hasText) return this.stop();
    const now = this.#now();
    if (this.#lastSentAt !== null && now - this.#lastSentAt < notifyInterval) return;
    this.#lastSentAt = now;
    this.#send("start");
  }

  /** The message was sent, or the user left the room. */
  stop() {
    if (this.#lastSentAt === null) return;
    this.#lastSentAt = null;
    this.#send("stop");
  }
}

export interface Typist {
  id: number;
  name: string;
  /** When the last notification arrived, in milliseconds since the epoch. */
  lastEventAt: number;
}

/** Applies a notification. The user's own, from another device, is ignored. */
export function withTypingEvent(
  typists: readonly Typist[],
  { action, user }: TypingEvent,
  myId: number,
  now: number,
): readonly Typist[] {
  if (user.id === myId) return typists;
  const others = typists.filter(({ id }) => id !== user.id);
  if (action === "start") return [...others, { ...user, lastEventAt: now }];
  return others.length === typists.length ? typists : others;
}

export function withoutExpired(typists: readonly Typist[], now: number): readonly Typist[] {
  const still = typists.filter(({ lastEventAt }) => now - lastEventAt < typingTimeout);
  return still.length === typists.length ? typists : still;
}

export function typistNames(typists: readonly Typist[]): string[] {
  return typists.map(({ name }) => name).sort((a, b) => a.localeCompare(b));
}

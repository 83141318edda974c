import type { TypingEvent } from "../cable/channels";

/** Who is typing, told to others and heard from them. */

/** Others are told at most this often, in milliseconds. */
const notifyInterval = 1_000;

/** Somebody of whom nothing more is heard has stopped, in milliseconds. */
export const typingTimeout = 5_000;

/** Says `start` while there is text that changes, and `stop` once it is gone. */
export class TypingNotifier {
  readonly #send: (action: "start" | "stop") => void;
  readonly #now: () => number;
  #lastSentAt: number | null = null;

  constructor(say: (action: "start" | "stop") => void, now: () => number = Date.now) {
    this.#send = say;
    this.#now = now;
  }

  /** The text changed. */
  changed(hasText: boolean) {
    if (!hasText) return this.stop();
    const now = this.#now();
    if (this.#lastSentAt !== null && now - this.#lastSentAt < notifyInterval) return;
    this.#lastSentAt = now;
    this.#send("start");
  }

  /** The text was sent, or its author went away. */
  stop() {
    if (this.#lastSentAt === null) return;
    this.#lastSentAt = null;
    this.#send("stop");
  }
}

export interface Typist {
  id: number;
  name: string;
  /** When something was heard of them last, in milliseconds since the epoch. */
  lastEventAt: number;
}

/** Takes in an event. One's own typing, from another device as well, is no news. */
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

/** Without those who fell silent. */
export function withoutExpired(typists: readonly Typist[], now: number): readonly Typist[] {
  const still = typists.filter(({ lastEventAt }) => now - lastEventAt < typingTimeout);
  return still.length === typists.length ? typists : still;
}

export function typistNames(typists: readonly Typist[]): string[] {
  return typists.map(({ name }) => name).sort((a, b) => a.localeCompare(b));
}

// Which messages belong together, and where a new day begins.
import type { Message } from '../api/client';

/** Milliseconds within which messages of one author are drawn as one. */
const TOGETHER = 5 * 60 * 1000;

/** How a message stands to the one before it. */
export interface Place {
  newDay: boolean;
  /** Directly after one by the same author. */
  follows: boolean;
}

export function place(before: Message | undefined, message: Message): Place {
  if (!before) return { newDay: true, follows: false };
  const [then, now] = [new Date(before.created_at), new Date(message.created_at)];
  const newDay = then.toDateString() !== now.toDateString();
  const close = Math.abs(now.getTime() - then.getTime()) <= TOGETHER;
  return { newDay, follows: !newDay && close && before.creator.id === message.creator.id };
}

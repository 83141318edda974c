import type { Message } from "../api/types";
import type { Entry } from "../outbox/entry";

/** What stands in the list, from top to bottom. */
export type Row =
  | { kind: "day"; key: string; date: Date }
  | { kind: "message"; key: string; message: Message; follows: boolean }
  | { kind: "entry"; key: string; entry: Entry; follows: boolean };

/** Messages of one author not further apart than this stand together under one name. */
const sameBreath = 5 * 60 * 1_000;

interface Before {
  authorId: number;
  time: number;
}

/** Adds day separators in the reader's time zone, groups what belongs together, puts unsent messages last. */
export function rowsOf(messages: readonly Message[], entries: readonly Entry[]): Row[] {
  const rows: Row[] = [];
  const keys = new Set<string>();
  const arrived = new Set(messages.map(({ client_message_id }) => client_message_id));
  let before: Before | null = null;

  for (const message of messages) {
    const now: Before = { authorId: message.creator.id, time: Date.parse(message.created_at) };
    const newDay = addDay(rows, before, now);
    const follows = !newDay && belongsTo(before, now);
    rows.push({ kind: "message", key: keyOf(message, keys), message, follows });
    before = now;
  }
  for (const entry of entries) {
    if (arrived.has(entry.clientMessageId)) continue;
    // This device's clock may be behind the server's, but what is unsent stands last all the same.
    const now: Before = {
      authorId: entry.userId,
      time: Math.max(entry.writtenAt, before?.time ?? 0),
    };
    const newDay = addDay(rows, before, now);
    const follows = !newDay && belongsTo(before, now);
    rows.push({ kind: "entry", key: entry.clientMessageId, entry, follows });
    before = now;
  }
  return rows;
}

/**
 * The client id comes first, so that a message keeps its place on the page when the server acknowledges
 * it. Old installations hold some twice.
 */
function keyOf(message: Message, keys: Set<string>): string {
  const key = keys.has(message.client_message_id)
    ? `message-${message.id}`
    : message.client_message_id;
  keys.add(key);
  return key;
}

function addDay(rows: Row[], before: Before | null, now: Before): boolean {
  const day = dayOf(now.time);
  if (before && dayOf(before.time) === day) return false;
  // Clocks may disagree, so that a day comes up twice: the row's number keeps the key unique.
  rows.push({
    kind: "day",
    key: `day-${day}-${rows.length === 0 ? "first" : rows.length}`,
    date: new Date(now.time),
  });
  return true;
}

function dayOf(time: number): string {
  const date = new Date(time);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

function belongsTo(before: Before | null, now: Before): boolean {
  return (
    before !== null &&
    before.authorId === now.authorId &&
    Math.abs(now.time - before.time) <= sameBreath
  );
}

import type { Message } from "../api/types";
import type { OutboxEntry } from "../outbox/entry";

/** What stands in the list, from top to bottom. */
export type Row =
  | { kind: "day"; key: string; date: Date }
  /** What stands below came since the last visit. */
  | { kind: "new"; key: string }
  | { kind: "message"; key: string; message: Message; follows: boolean }
  | { kind: "entry"; key: string; entry: OutboxEntry; follows: boolean };

/** Whether two rows look alike. */
export function isSameRow(a: Row, b: Row): boolean {
  switch (a.kind) {
    case "day":
      return b.kind === "day" && dayOf(a.date.getTime()) === dayOf(b.date.getTime());
    case "new":
      return b.kind === "new";
    case "message":
      return b.kind === "message" && a.message === b.message && a.follows === b.follows;
    case "entry":
      return b.kind === "entry" && a.entry === b.entry && a.follows === b.follows;
  }
}

/** Messages of one author not further apart than this stand together under one name. */
const groupWithin = 5 * 60 * 1_000;

/** What is new to whom. */
export interface Reader {
  id: number;
  /** From when on messages are unread, as the server said when the room was opened; null if none are. */
  unreadSince: string | null;
}

interface Before {
  authorId: number;
  time: number;
}

/**
 * Adds day separators in the reader's time zone and the line above what is new, groups what belongs
 * together, puts unsent messages last. `isWhole` says that nothing is older than the first message.
 */
export function rowsOf(
  messages: readonly Message[],
  entries: readonly OutboxEntry[],
  reader?: Reader,
  isWhole = true,
): Row[] {
  const rows: Row[] = [];
  const keys = new Set<string>();
  const arrived = new Set(messages.map(({ client_message_id }) => client_message_id));
  const firstNew = reader && firstNewOf(messages, reader, isWhole);
  let before: Before | null = null;

  for (const message of messages) {
    const now: Before = { authorId: message.creator.id, time: Date.parse(message.created_at) };
    const key = keyOf(message, keys);
    const newDay = addDay(rows, key, before, now);
    const isFirstNew = message === firstNew;
    if (isFirstNew) rows.push({ kind: "new", key: "new" });
    const follows = !newDay && !isFirstNew && isContinuation(before, now);
    rows.push({ kind: "message", key, message, follows });
    before = now;
  }
  for (const entry of entries) {
    if (arrived.has(entry.clientMessageId)) continue;
    // This device's clock may be behind the server's, but what is unsent stands last all the same.
    const now: Before = {
      authorId: entry.userId,
      time: Math.max(entry.writtenAt, before?.time ?? 0),
    };
    const key = entry.clientMessageId;
    const newDay = addDay(rows, key, before, now);
    const follows = !newDay && isContinuation(before, now);
    rows.push({ kind: "entry", key, entry, follows });
    before = now;
  }
  return rows;
}

/** The oldest message that is new to the reader, unless older ones that are not loaded may be new, too. */
function firstNewOf(
  messages: readonly Message[],
  reader: Reader,
  isWhole: boolean,
): Message | undefined {
  if (reader.unreadSince === null) return undefined;
  const since = Date.parse(reader.unreadSince);
  const at = messages.findIndex(({ created_at }) => Date.parse(created_at) >= since);
  if (at < 0 || (at === 0 && !isWhole)) return undefined;
  // One's own words, from another device, are no news.
  return messages.slice(at).find(({ creator }) => creator.id !== reader.id);
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

/** Clocks may disagree, so that a day comes up twice: what follows the separator keeps its key unique. */
function addDay(rows: Row[], following: string, before: Before | null, now: Before): boolean {
  if (before && dayOf(before.time) === dayOf(now.time)) return false;
  rows.push({ kind: "day", key: `day-${following}`, date: new Date(now.time) });
  return true;
}

function dayOf(time: number): string {
  const date = new Date(time);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

function isContinuation(before: Before | null, now: Before): boolean {
  return (
    before !== null &&
    before.authorId === now.authorId &&
    Math.abs(now.time - before.time) <= groupWithin
  );
}

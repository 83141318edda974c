import type { Message } from "../api/types";
import type { OutboxEntry } from "../outbox/entry";

/** The rows of the list, from top to bottom. */
export type Row =
  | { kind: "day"; key: string; date: Date }
  /** Messages below arrived since the last visit. */
  | { kind: "new"; key: string }
  | { kind: "message"; key: string; message: Message; follows: boolean }
  | { kind: "entry"; key: string; entry: OutboxEntry; follows: boolean };

/** Whether two rows render the same. */
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

/** Messages of one author within this time are grouped, in milliseconds. */
const groupWithin = 5 * 60 * 1_000;

/** The reader, for the line above new messages. */
export interface Reader {
  id: number;
  /**
   * The time since when messages are unread, from the server when the room was opened; null if none
   * are.
   */
  unreadSince: string | null;
}

interface Before {
  authorId: number;
  time: number;
}

/**
 * Builds the rows: day separators in the reader's time zone, the line above new messages, groups,
 * and unsent messages last. `isWhole` says that no message is older than the first one.
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
    // Unsent messages come last, even if this device's clock is behind the server's.
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

/**
 * The first message that is new to the reader. Undefined if older messages that are not loaded may
 * be new as well.
 */
function firstNewOf(
  messages: readonly Message[],
  reader: Reader,
  isWhole: boolean,
): Message | undefined {
  if (reader.unreadSince === null) return undefined;
  const since = Date.parse(reader.unreadSince);
  const at = messages.findIndex(({ created_at }) => Date.parse(created_at) >= since);
  if (at < 0 || (at === 0 && !isWhole)) return undefined;
  // The reader's own messages, from another device, are not new.
  return messages.slice(at).find(({ creator }) => creator.id !== reader.id);
}

/**
 * The client message id, so that a message keeps its React key when the server acknowledges it. Old
 * installations have a few duplicates.
 */
function keyOf(message: Message, keys: Set<string>): string {
  const key = keys.has(message.client_message_id)
    ? `message-${message.id}`
    : message.client_message_id;
  keys.add(key);
  return key;
}

/** With differing clocks a day may appear twice, so the key includes the row below. */
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

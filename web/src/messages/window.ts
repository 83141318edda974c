import type { Boost, Message, User } from "../api/types";
import type { RoomEvent } from "../cable/channels";

/** The part of a room's messages that is on the page: without holes, oldest first. */
export interface MessageWindow {
  readonly messages: readonly Message[];
  /** Nothing is older than the first message. */
  readonly atStart: boolean;
  /** Nothing is newer than the last message: live messages may be appended. */
  readonly atEnd: boolean;
}

/** How many messages stay on the page, and by how many that may be exceeded before it is cut. */
export const windowSize = 300;
export const leeway = 20;

/** How many messages the server sends at once. */
export const pageSize = 40;

export const emptyWindow: MessageWindow = { messages: [], atStart: true, atEnd: true };

/** The server's order: by time, then by number. */
export function compare(a: Message, b: Message): number {
  return Date.parse(a.created_at) - Date.parse(b.created_at) || a.id - b.id;
}

/** The last page. */
export function newestWindow(page: readonly Message[]): MessageWindow {
  return { messages: page, atStart: page.length < pageSize, atEnd: true };
}

/** What the server sends around a message: up to a page on both sides. */
export function windowAround(page: readonly Message[], messageId: number): MessageWindow {
  const at = page.findIndex(({ id }) => id === messageId);
  if (at < 0) return newestWindow(page);
  return { messages: page, atStart: at < pageSize, atEnd: page.length - at - 1 < pageSize };
}

export function withOlder(window: MessageWindow, page: readonly Message[]): MessageWindow {
  const known = new Set(window.messages.map(({ id }) => id));
  const older = page.filter(({ id }) => !known.has(id));
  const messages = [...older, ...window.messages];
  return cutNewest({ ...window, messages, atStart: page.length < pageSize });
}

export function withNewer(window: MessageWindow, page: readonly Message[]): MessageWindow {
  const known = new Set(window.messages.map(({ id }) => id));
  const newer = page.filter(({ id }) => !known.has(id));
  const messages = [...window.messages, ...newer];
  return cutOldest({ ...window, messages, atEnd: page.length < pageSize });
}

export function cutOldest(window: MessageWindow): MessageWindow {
  if (window.messages.length <= windowSize + leeway) return window;
  return { ...window, messages: window.messages.slice(-windowSize), atStart: false };
}

export function cutNewest(window: MessageWindow): MessageWindow {
  if (window.messages.length <= windowSize + leeway) return window;
  return { ...window, messages: window.messages.slice(0, windowSize), atEnd: false };
}

/**
 * The window after an event. Events may repeat what a page has brought already, so each of them gives
 * the same result however often it is applied. Returns the same object if nothing changed.
 */
export function patched(window: MessageWindow, event: RoomEvent): MessageWindow {
  switch (event.type) {
    case "message.created":
      return withMessage(window, event.message);
    case "message.updated":
      return changed(window, event.message.id, (known) =>
        isOlder(event.message, known) ? known : event.message,
      );
    case "message.removed":
      return without(window, event.message_id);
    case "boost.created":
      return changed(window, event.boost.message_id, (message) => boosted(message, event.boost));
    case "boost.removed":
      return changed(window, event.message_id, (message) => unboosted(message, event.boost_id));
    default:
      return window;
  }
}

/** Adds a message in its place, unless that place lies outside of the window. */
export function withMessage(window: MessageWindow, message: Message): MessageWindow {
  const { messages } = window;
  if (messages.some(({ id }) => id === message.id)) {
    return changed(window, message.id, (known) => (isOlder(known, message) ? message : known));
  }
  let place = messages.length;
  for (; place > 0; place -= 1) {
    const before = messages[place - 1];
    if (before && compare(before, message) < 0) break;
  }
  const isBeyond =
    (place === messages.length && !window.atEnd) ||
    (place === 0 && !window.atStart && messages.length > 0);
  if (isBeyond) return window;
  return { ...window, messages: messages.toSpliced(place, 0, message) };
}

/** Shows an author's new name and picture everywhere. */
export function withAuthor(window: MessageWindow, user: User): MessageWindow {
  if (!window.messages.some(({ creator }) => creator.id === user.id)) return window;
  const messages = window.messages.map((message) =>
    message.creator.id === user.id
      ? { ...message, creator: { ...message.creator, ...user } }
      : message,
  );
  return { ...window, messages };
}

function without(window: MessageWindow, messageId: number): MessageWindow {
  const messages = window.messages.filter(({ id }) => id !== messageId);
  return messages.length === window.messages.length ? window : { ...window, messages };
}

function changed(
  window: MessageWindow,
  messageId: number,
  change: (message: Message) => Message,
): MessageWindow {
  const at = window.messages.findIndex(({ id }) => id === messageId);
  const known = window.messages[at];
  if (!known) return window;
  const next = change(known);
  return next === known ? window : { ...window, messages: window.messages.with(at, next) };
}

function isOlder(a: Message, b: Message): boolean {
  return Date.parse(a.updated_at) < Date.parse(b.updated_at);
}

function boosted(message: Message, boost: Boost): Message {
  if (message.boosts.some(({ id }) => id === boost.id)) return message;
  return { ...message, boosts: [...message.boosts, boost] };
}

function unboosted(message: Message, boostId: number): Message {
  const boosts = message.boosts.filter(({ id }) => id !== boostId);
  return boosts.length === message.boosts.length ? message : { ...message, boosts };
}

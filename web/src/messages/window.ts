import type { Boost, Message, User } from "../api/types";
import type { RoomEvent } from "../cable/channels";

/** The loaded part of a room's messages: without gaps, oldest first. */
export interface MessageWindow {
  readonly messages: readonly Message[];
  /** No message is older than the first one. */
  readonly atStart: boolean;
  /** No message is newer than the last one, so live messages can be appended. */
  readonly atEnd: boolean;
}

/** How many messages stay loaded, and by how many that may be exceeded before the window is cut. */
export const windowSize = 300;
const maxOverflow = 20;

/** How many messages the server sends per page. */
export const pageSize = 40;

/** The server's order: by time, then by id. */
export function compareMessages(a: Message, b: Message): number {
  return Date.parse(a.created_at) - Date.parse(b.created_at) || a.id - b.id;
}

/** A window of the newest page. */
export function newestWindow(page: readonly Message[]): MessageWindow {
  return { messages: page, atStart: page.length < pageSize, atEnd: true };
}

/** A window of the response around a message: up to a page on each side. */
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
  if (window.messages.length <= windowSize + maxOverflow) return window;
  return { ...window, messages: window.messages.slice(-windowSize), atStart: false };
}

export function cutNewest(window: MessageWindow): MessageWindow {
  if (window.messages.length <= windowSize + maxOverflow) return window;
  return { ...window, messages: window.messages.slice(0, windowSize), atEnd: false };
}

/**
 * The window after an event. Applying an event again has no effect, because a page may include it
 * already. Returns the same object if nothing changed.
 */
export function applyEvent(window: MessageWindow, event: RoomEvent): MessageWindow {
  switch (event.type) {
    case "message.created":
      return withMessage(window, event.message);
    case "message.updated":
      return updateMessage(window, event.message.id, (known) => newerOf(known, event.message));
    case "message.removed":
      return withoutMessage(window, event.message_id);
    case "boost.created":
      return updateMessage(window, event.boost.message_id, (message) =>
        boosted(message, event.boost),
      );
    case "boost.removed":
      return updateMessage(window, event.message_id, (message) =>
        withoutBoost(message, event.boost_id),
      );
    default:
      return window;
  }
}

/** Inserts a message at its place, unless that is outside the window. */
export function withMessage(window: MessageWindow, message: Message): MessageWindow {
  const { messages } = window;
  if (messages.some(({ id }) => id === message.id)) {
    return updateMessage(window, message.id, (known) => newerOf(known, message));
  }
  let index = messages.length;
  for (; index > 0; index -= 1) {
    const before = messages[index - 1];
    if (before && compareMessages(before, message) < 0) break;
  }
  const isBeyond =
    (index === messages.length && !window.atEnd) ||
    (index === 0 && !window.atStart && messages.length > 0);
  if (isBeyond) return window;
  return { ...window, messages: messages.toSpliced(index, 0, message) };
}

/** Updates a user's name and avatar on the messages they wrote and boosted. */
export function withAuthor(window: MessageWindow, user: User): MessageWindow {
  const messages = window.messages.map((message) => withUpdatedUser(message, user));
  const isSame = messages.every((message, index) => message === window.messages[index]);
  return isSame ? window : { ...window, messages };
}

function withUpdatedUser(message: Message, user: User): Message {
  const wrote = message.creator.id === user.id;
  const withBoost = message.boosts.some(({ booster }) => booster.id === user.id);
  if (!wrote && !withBoost) return message;
  const boosts = message.boosts.map((boost) =>
    boost.booster.id === user.id ? { ...boost, booster: { ...boost.booster, ...user } } : boost,
  );
  return { ...message, boosts, creator: wrote ? { ...message.creator, ...user } : message.creator };
}

/**
 * The messages including one that has to stay on the page, whether or not it is still among them.
 */
export function withPinned(messages: readonly Message[], pinned: Message): readonly Message[] {
  if (messages.some(({ id }) => id === pinned.id)) return messages;
  const index = messages.findIndex((message) => compareMessages(message, pinned) > 0);
  return messages.toSpliced(index < 0 ? messages.length : index, 0, pinned);
}

function withoutMessage(window: MessageWindow, messageId: number): MessageWindow {
  const messages = window.messages.filter(({ id }) => id !== messageId);
  return messages.length === window.messages.length ? window : { ...window, messages };
}

function updateMessage(
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

/**
 * The newer of two versions of a message. With equal timestamps the text comes from `other`, but
 * the boosts of `known` stay: live boosts may have arrived while `other` was on its way.
 */
function newerOf(known: Message, other: Message): Message {
  const difference = Date.parse(other.updated_at) - Date.parse(known.updated_at);
  if (difference < 0) return known;
  if (difference > 0) return { ...other, boosts: withPending(other.boosts, known.boosts) };
  const isSame = other.body.html === known.body.html && other.edited === known.edited;
  return isSame ? known : { ...other, boosts: known.boosts };
}

/** Whether a boost is shown optimistically, before the server has confirmed it. */
export function isPending(boost: Boost): boolean {
  return boost.id < 0;
}

function withPending(boosts: readonly Boost[], before: readonly Boost[]): Boost[] {
  return [...boosts, ...before.filter(isPending)];
}

function boosted(message: Message, boost: Boost): Message {
  if (message.boosts.some(({ id }) => id === boost.id)) return message;
  // The confirmed boost replaces the pending one.
  const pendingIndex = message.boosts.findIndex(
    (other) =>
      isPending(other) && other.booster.id === boost.booster.id && other.content === boost.content,
  );
  const others =
    pendingIndex < 0 || isPending(boost)
      ? message.boosts
      : message.boosts.toSpliced(pendingIndex, 1);
  const boosts = [...others, boost].sort(byAge);
  if (isPending(boost)) return { ...message, boosts };
  // A boost changes the message, so an earlier version must not replace this one.
  const isLater = Date.parse(boost.created_at) > Date.parse(message.updated_at);
  return { ...message, boosts, updated_at: isLater ? boost.created_at : message.updated_at };
}

/** Oldest first; pending boosts last. */
function byAge(a: Boost, b: Boost): number {
  if (isPending(a) || isPending(b)) {
    return Number(isPending(a)) - Number(isPending(b)) || b.id - a.id;
  }
  return Date.parse(a.created_at) - Date.parse(b.created_at) || a.id - b.id;
}

function withoutBoost(message: Message, boostId: number): Message {
  const boosts = message.boosts.filter(({ id }) => id !== boostId);
  return boosts.length === message.boosts.length ? message : { ...message, boosts };
}

// The loaded part of a room: a run of messages without gaps, in the server's order.
import type { Message } from '../api/client';

/** A run of a room's messages. */
export interface Window {
  messages: Message[];
  /** Nothing is older than the first. */
  atStart: boolean;
  /** Nothing is newer than the last; live messages may be appended. */
  atEnd: boolean;
}

/** Messages per page, as the server counts. */
export const PAGE = 40;

/** Messages kept loaded; the far end is cut when there are more. */
const MOST = 300;
const LEEWAY = 20;

/** The server's order: by moment, then by number. */
export function compare(a: Message, b: Message): number {
  return a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : a.id - b.id;
}

/** Both runs as one, each message once, the later version of each. */
export function merge(known: Message[], more: Message[]): Message[] {
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const message of more) {
    const old = byId.get(message.id);
    if (!old || old.updated_at <= message.updated_at) byId.set(message.id, message);
  }
  return [...byId.values()].sort(compare);
}

/** A window with an older page in front. */
export function withOlder(window: Window, page: Message[]): Window {
  const messages = merge(window.messages, page);
  const cut = messages.length > MOST + LEEWAY;
  return {
    messages: cut ? messages.slice(0, MOST) : messages,
    atStart: page.length < PAGE,
    atEnd: window.atEnd && !cut,
  };
}

/** A window with a newer page behind. */
export function withNewer(window: Window, page: Message[]): Window {
  const messages = merge(window.messages, page);
  const cut = messages.length > MOST + LEEWAY;
  return {
    messages: cut ? messages.slice(-MOST) : messages,
    atStart: window.atStart && !cut,
    atEnd: page.length < PAGE,
  };
}

/** A window after a message arrived live, or came back from being sent. */
export function withLive(window: Window, message: Message): Window {
  if (!window.atEnd) return window;
  const messages = merge(window.messages, [message]);
  const cut = messages.length > MOST + LEEWAY;
  return { messages: cut ? messages.slice(-MOST) : messages, atStart: window.atStart && !cut, atEnd: true };
}

// What the cable says of messages, as changes of the query cache.
import type { QueryClient } from '@tanstack/react-query';
import type { Message } from '../api/client';
import { outbox } from '../outbox/outbox';
import { merge, type Window, withLive } from './window';

type MessageEvent = { type: 'message.created' | 'message.updated'; message: Message };

export const windowKey = (room: number, around?: number) => ['messages', room, around ?? 'latest'] as const;

/** Messages that came before the first page of their room; the page takes them in. */
const early = new Map<number, Message[]>();
/** More than this and the page itself will have them. */
const MOST_EARLY = 200;

/** Takes what came early. */
export function takeEarly(room: number): Message[] {
  const messages = early.get(room) ?? [];
  early.delete(room);
  return messages;
}

/** Shows a message of the server's, whichever way it came, and ends its waiting in the outbox. */
export function show(queries: QueryClient, message: Message): void {
  const windows = queries.getQueriesData<Window>({ queryKey: ['messages', message.room_id] });
  const loaded = windows.filter(([, window]) => window !== undefined);
  if (loaded.length === 0) {
    early.set(message.room_id, [...(early.get(message.room_id) ?? []), message].slice(-MOST_EARLY));
  }
  for (const [key, window] of loaded) {
    if (window) queries.setQueryData<Window>(key, withLive(window, message));
  }
  outbox.settled(message.client_message_id);
}

/** Applies what the room's channel said. */
export function apply(queries: QueryClient, event: unknown): void {
  const known = event as MessageEvent;
  if (known.type === 'message.created') show(queries, known.message);
  if (known.type === 'message.updated') {
    queries.setQueriesData<Window>({ queryKey: ['messages', known.message.room_id] }, (window) => {
      if (!window?.messages.some((message) => message.id === known.message.id)) return window;
      return { ...window, messages: merge(window.messages, [known.message]) };
    });
  }
}

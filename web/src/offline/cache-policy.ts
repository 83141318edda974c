// Which responses are cached for offline use, and how much of them.
import type { Room, Status } from "../api/types";

/** How many messages of each room are cached: a few screens. */
export const maxMessages = 60;

/** How many rooms are cached: the most recently read ones. */
export const maxRooms = 50;

/** The fields of a cached message window (`messages/window.ts`) that trimming needs. */
interface MessageWindow {
  readonly messages: readonly unknown[];
  readonly atStart: boolean;
  readonly atEnd: boolean;
}

const cachedWhole = new Set(["me", "rooms", "account"]);

/** The key of a response in the store. */
export function cacheKey(queryKey: readonly unknown[]): string {
  return queryKey.join("/");
}

/** What to cache of a response, or undefined. */
export function cacheableData(queryKey: readonly unknown[], data: unknown): unknown {
  const [name, ...rest] = queryKey;
  if (name === "messages" && rest.length === 1) return newestMessages(data as MessageWindow);
  if (rest.length > 0 || data === undefined || data === null) return undefined;
  if (name === "status") return (data as Status).signed_in ? data : undefined;
  return cachedWhole.has(String(name)) ? data : undefined;
}

/** The end of a room. While the reader is further up, the cached end stays. */
function newestMessages(window: MessageWindow | undefined): MessageWindow | undefined {
  if (!window?.atEnd) return undefined;
  const messages = window.messages.slice(-maxMessages);
  return {
    messages,
    atEnd: true,
    atStart: window.atStart && messages.length === window.messages.length,
  };
}

interface CachedEntry {
  key: string;
  savedAt: number;
}

/**
 * The keys of cached rooms to delete: rooms that the user has left, and the least recently read
 * ones beyond the limit.
 */
export function keysToEvict(
  entries: readonly CachedEntry[],
  rooms: readonly Pick<Room, "id">[],
): string[] {
  const present = new Set(rooms.map(({ id }) => cacheKey(["messages", id])));
  const windows = entries.filter(({ key }) => key.startsWith("messages/"));
  const left = windows.filter(({ key }) => !present.has(key));
  const others = windows
    .filter(({ key }) => present.has(key))
    .sort((a, b) => b.savedAt - a.savedAt);
  return [...left, ...others.slice(maxRooms)].map(({ key }) => key);
}

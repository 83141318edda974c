// Which answers are worth keeping, and how much of them.
import type { Room, Status } from "../api/types";

/** Messages kept of each room: a few screens to scroll back. */
export const maxMessages = 60;

/** Rooms kept: those read last. */
export const maxRooms = 50;

/** As much of a cached message window (`messages/window.ts`) as trimming it needs. */
interface MessageWindow {
  readonly messages: readonly unknown[];
  readonly atStart: boolean;
  readonly atEnd: boolean;
}

const cachedWhole = new Set(["me", "rooms", "account"]);

/** The name of an answer in the store. */
export function cacheKey(queryKey: readonly unknown[]): string {
  return queryKey.join("/");
}

/** What to keep of an answer, or undefined. */
export function cacheableData(queryKey: readonly unknown[], data: unknown): unknown {
  const [name, ...rest] = queryKey;
  if (name === "messages" && rest.length === 1) return newestMessages(data as MessageWindow);
  if (rest.length > 0 || data === undefined || data === null) return undefined;
  if (name === "status") return (data as Status).signed_in ? data : undefined;
  return cachedWhole.has(String(name)) ? data : undefined;
}

/** The end of a room. Whoever reads further up keeps the end that was there before. */
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

/** The kept rooms that go: those that this person is not in any more, and the ones read longest ago beyond the most. */
export function keysToEvict(
  kept: readonly CachedEntry[],
  rooms: readonly Pick<Room, "id">[],
): string[] {
  const present = new Set(rooms.map(({ id }) => cacheKey(["messages", id])));
  const windows = kept.filter(({ key }) => key.startsWith("messages/"));
  const gone = windows.filter(({ key }) => !present.has(key));
  const others = windows
    .filter(({ key }) => present.has(key))
    .sort((a, b) => b.savedAt - a.savedAt);
  return [...gone, ...others.slice(maxRooms)].map(({ key }) => key);
}

import type { Room, User } from "../api/types";

const byName = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });

/**
 * Inserts a new or changed room at its place in the server's order. Keeps the local unread state.
 */
export function withRoom(rooms: readonly Room[], room: Room): Room[] {
  const known = rooms.find(({ id }) => id === room.id);
  const others = rooms.filter(({ id }) => id !== room.id);
  const merged = known
    ? { ...room, unread: known.unread, unread_since: known.unread_since ?? null }
    : room;
  if (room.involvement === "invisible") return others;
  return sortRooms([...others, merged]);
}

export function withoutRoom(rooms: readonly Room[], roomId: number): Room[] {
  return rooms.filter(({ id }) => id !== roomId);
}

export function markRead(rooms: readonly Room[], roomId: number): Room[] {
  return rooms.map((room) =>
    room.id === roomId && room.unread ? { ...room, unread: false, unread_since: null } : room,
  );
}

export function markUnread(rooms: readonly Room[], roomId: number, since: string): Room[] {
  return rooms.map((room) =>
    room.id === roomId ? { ...room, unread: true, unread_since: since } : room,
  );
}

/**
 * Records activity in a room: pings move to the front. `unread` unless the reader is present. Keeps
 * the time since when the room is unread, if it is known.
 */
export function markActive(
  rooms: readonly Room[],
  roomId: number,
  at: Date,
  unread: boolean,
): Room[] {
  const time = at.toISOString();
  return sortRooms(
    rooms.map((room) => {
      if (room.id !== roomId) return room;
      if (!unread) return { ...room, updated_at: time };
      return { ...room, updated_at: time, unread, unread_since: room.unread_since ?? time };
    }),
  );
}

export function unreadCount(rooms: readonly Room[] | undefined): number {
  return rooms?.filter(({ unread }) => unread).length ?? 0;
}

/** The unread rooms without muted ones, as the server counts them for notifications. */
export function notifyingUnreadCount(rooms: readonly Room[] | undefined): number {
  return unreadCount(rooms?.filter(({ involvement }) => involvement !== "nothing"));
}

export function withUpdatedUser(rooms: readonly Room[], user: User): Room[] {
  return rooms.map((room) => {
    if (!room.members?.some(({ id }) => id === user.id)) return room;
    const members = room.members.map((member) =>
      member.id === user.id ? { ...member, ...user } : member,
    );
    return { ...room, members };
  });
}

/** The oldest open room. */
export function firstOpenRoom(rooms: readonly Room[]): Room | undefined {
  return rooms.filter(({ type }) => type === "open").sort((a, b) => a.id - b.id)[0];
}

function sortRooms(rooms: Room[]): Room[] {
  const directs = rooms.filter(({ type }) => type === "direct");
  const shared = rooms.filter(({ type }) => type !== "direct");
  directs.sort((a, b) => Date.parse(b.updated_at) - Date.parse(a.updated_at));
  shared.sort((a, b) => byName.compare(a.name, b.name) || a.id - b.id);
  return [...directs, ...shared];
}

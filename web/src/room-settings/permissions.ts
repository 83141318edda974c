import type { Account, Room, User } from "../api/types";

/** Whether the user may rename, convert and delete a shared room. */
export function canEditRoom(me: User, room: Room): boolean {
  return me.role === "administrator" || room.creator_id === me.id;
}

/** Whether the user may create shared rooms. Everyone may create pings. */
export function canCreateRooms(me: User, account: Account): boolean {
  const { restrict_room_creation_to_administrators: restricted } = account.settings;
  return !restricted || me.role === "administrator";
}

/** The path of a room's settings; Campfire's URLs differ by room type. */
export function settingsPath({ id, type }: Pick<Room, "id" | "type">): string {
  return `/rooms/${type}s/${id}/edit`;
}

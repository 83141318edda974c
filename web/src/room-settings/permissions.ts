import type { Account, Room, User } from "../api/types";

/** Whether somebody may rename, convert and delete a shared room they are in. */
export function canEditRoom(me: User, room: Room): boolean {
  return me.role === "administrator" || room.creator_id === me.id;
}

/** Whether somebody may make shared rooms. Pings are free for all. */
export function canCreateRooms(me: User, account: Account): boolean {
  const { restrict_room_creation_to_administrators: restricted } = account.settings;
  return !restricted || me.role === "administrator";
}

/** Where a room's settings are: Campfire's own addresses, one for each kind of room. */
export function settingsPath({ id, type }: Pick<Room, "id" | "type">): string {
  return `/rooms/${type}s/${id}/edit`;
}

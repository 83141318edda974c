import type { Room, User } from "../api/types";
import { strings } from "../strings";
import type { Candidate } from "./rank";

/** A result of the switcher: a room, a user to ping, or a message search. */
export type Destination = Candidate & ({ room: Room } | { person: User } | { search: string });

/**
 * All rooms, and users without a ping with the current user. `recent` are room ids, latest first.
 */
export function destinationsOf(
  rooms: readonly Room[],
  people: readonly User[],
  recent: readonly number[],
  myId: number,
): Destination[] {
  const pinged = new Set(
    rooms
      .filter(({ type, members }) => type === "direct" && members?.length === 1)
      .map(({ members }) => members?.[0]?.id),
  );
  const roomDestinations = rooms.map((room) => {
    const at = recent.indexOf(room.id);
    return { key: `room-${room.id}`, name: room.name, recency: at < 0 ? null : at, room };
  });
  const others = people.filter(
    ({ id, status }) => id !== myId && status === "active" && !pinged.has(id),
  );
  return [
    ...roomDestinations,
    ...others.map((person) => ({
      key: `person-${person.id}`,
      name: person.name,
      recency: null,
      person,
    })),
  ];
}

/** The last result: searches the messages. */
export function searchFor(typed: string): Destination {
  const search = typed.trim();
  return { key: "search", name: strings.search.messagesFor(search), recency: null, search };
}

import type { Room, User } from "../api/types";
import { strings } from "../strings";
import type { Candidate } from "./rank";

/** Where the switcher leads: a room that is there, a person to open a direct room with, or into the messages. */
export type Destination = Candidate & ({ room: Room } | { person: User } | { search: string });

/** All rooms, and whoever has no direct room with me yet. `recent` are room numbers, the last one first. */
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
  const places = rooms.map((room) => {
    const at = recent.indexOf(room.id);
    return { key: `room-${room.id}`, name: room.name, recency: at < 0 ? null : at, room };
  });
  const others = people.filter(
    ({ id, status }) => id !== myId && status === "active" && !pinged.has(id),
  );
  return [
    ...places,
    ...others.map((person) => ({
      key: `person-${person.id}`,
      name: person.name,
      recency: null,
      person,
    })),
  ];
}

/** The last choice: what was typed may stand in a message. */
export function searchFor(typed: string): Destination {
  const search = typed.trim();
  return { key: "search", name: strings.search.messagesFor(search), recency: null, search };
}

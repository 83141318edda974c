import type { Boost, Message, Room, User } from "../api/types";

/** Test data builders: set what matters, the rest has defaults. */

export function aUser(given: Partial<User> = {}): User {
  const id = given.id ?? 1;
  return {
    id,
    name: `Person ${id}`,
    role: "member",
    status: "active",
    bio: null,
    avatar_url: `/users/${id}/avatar`,
    initials: "P",
    color: "#BF7C2A",
    ...given,
  };
}

export function aMessage(given: Partial<Message> = {}): Message {
  const id = given.id ?? 1;
  const created = given.created_at ?? minutesAfterNoon(id);
  return {
    id,
    client_message_id: `client-${id}`,
    room_id: 7,
    creator: aUser(),
    kind: "text",
    body: { html: `Message ${id}`, plain: `Message ${id}` },
    emoji_only: false,
    mentions: [],
    sound: null,
    attachment: null,
    reply_to: null,
    boosts: [],
    created_at: created,
    updated_at: created,
    edited: false,
    url: `/rooms/7/@${id}`,
    ...given,
  };
}

export function aBoost(given: Partial<Boost> = {}): Boost {
  return {
    id: 1,
    message_id: 1,
    booster: aUser(),
    content: "👍",
    created_at: minutesAfterNoon(0),
    ...given,
  };
}

export function aRoom(given: Partial<Room> = {}): Room {
  const id = given.id ?? 7;
  return {
    id,
    name: `Room ${id}`,
    type: "open",
    creator_id: 1,
    created_at: minutesAfterNoon(0),
    updated_at: minutesAfterNoon(0),
    involvement: "mentions",
    unread: false,
    unread_since: null,
    members_count: 2,
    ...given,
  };
}

/** An ISO timestamp, this many minutes after a fixed noon. */
export function minutesAfterNoon(count: number): string {
  return new Date(Date.UTC(2026, 0, 31, 12, count)).toISOString();
}

/** Messages with these ids, a minute apart. */
export function messages(from: number, to: number): Message[] {
  return Array.from({ length: to - from + 1 }, (_, index) => aMessage({ id: from + index }));
}

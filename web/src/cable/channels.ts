import { Channel } from "@anycable/core";
import type { Account, Boost, Message, Room, User } from "../api/types";
import type { TypingEvent } from "../composer/typing-notifications";

/** What the server tells the members of a room. */
export type RoomEvent =
  | { type: "message.created" | "message.updated"; message: Message }
  | { type: "message.removed"; message_id: number; client_message_id: string }
  | { type: "boost.created"; boost: Boost }
  | { type: "boost.removed"; boost_id: number; message_id: number };

/** What the server tells a person about the house. */
export type HouseEvent =
  | { type: "room.created" | "room.updated"; room: Room }
  | { type: "room.removed"; room_id: number }
  | { type: "account.updated"; account: Account }
  | { type: "user.updated"; user: User }
  | { type: "inbox.changed"; unread: number }
  | { type: "bookmarks.changed" };

export type PresenceEvent = { type: "presence.changed"; user_id: number; connected: boolean };

type InRoom = { room_id: number };
type Nothing = Record<never, never>;

export class RoomMessagesChannel extends Channel<InRoom, RoomEvent> {
  static override readonly identifier = "RoomMessagesChannel";
}

export class PresenceChannel extends Channel<InRoom, PresenceEvent> {
  static override readonly identifier = "PresenceChannel";
}

export class RoomsChannel extends Channel<Nothing, HouseEvent> {
  static override readonly identifier = "RoomsChannel";
}

export class ReadRoomsChannel extends Channel<Nothing, { room_id: number }> {
  static override readonly identifier = "ReadRoomsChannel";
}

export class UnreadRoomsChannel extends Channel<Nothing, { roomId: number }> {
  static override readonly identifier = "UnreadRoomsChannel";
}

export class TypingNotificationsChannel extends Channel<InRoom, TypingEvent> {
  static override readonly identifier = "TypingNotificationsChannel";
}

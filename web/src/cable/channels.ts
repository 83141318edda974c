import { Channel } from "@anycable/core";
import type { Account, Boost, Message, Room, User } from "../api/types";

/** Events for the members of a room. */
export type RoomEvent =
  | { type: "message.created" | "message.updated"; message: Message }
  | { type: "message.removed"; message_id: number; client_message_id: string }
  | { type: "boost.created"; boost: Boost }
  | { type: "boost.removed"; boost_id: number; message_id: number };

/** Events for a user: their rooms, the account, other users. */
export type AccountEvent =
  | { type: "room.created" | "room.updated"; room: Room }
  | { type: "room.removed"; room_id: number }
  | { type: "account.updated"; account: Account }
  | { type: "user.updated"; user: User }
  | { type: "inbox.changed"; unread: number }
  | { type: "bookmarks.changed" };

export type PresenceEvent = { type: "presence.changed"; user_id: number; connected: boolean };

export type TypingEvent = { action: "start" | "stop"; user: { id: number; name: string } };

type RoomParams = { room_id: number };
type NoParams = Record<never, never>;

export class RoomMessagesChannel extends Channel<RoomParams, RoomEvent> {
  static override readonly identifier = "RoomMessagesChannel";
}

export class PresenceChannel extends Channel<RoomParams, PresenceEvent> {
  static override readonly identifier = "PresenceChannel";
}

export class RoomsChannel extends Channel<NoParams, AccountEvent> {
  static override readonly identifier = "RoomsChannel";
}

export class ReadRoomsChannel extends Channel<NoParams, { room_id: number }> {
  static override readonly identifier = "ReadRoomsChannel";
}

export class UnreadRoomsChannel extends Channel<NoParams, { roomId: number }> {
  static override readonly identifier = "UnreadRoomsChannel";
}

export class TypingNotificationsChannel extends Channel<RoomParams, TypingEvent> {
  static override readonly identifier = "TypingNotificationsChannel";
}

// What the client asks of the server beyond the generated types. Goes when openapi.json has it.
import type { components, paths } from "./schema";

type Schemas = components["schemas"];

export interface Picture {
  url: string;
  width: number;
  height: number;
}

export interface Sound {
  name: string;
  url: string;
  text: string | null;
  image: Picture | null;
}

export interface MessageExtras {
  kind: "text" | "sound" | "attachment";
  sound?: Sound | null;
  attachment?: null;
  reply_to?: { message_id: number; user_id: number } | null;
}

type Message = Omit<Schemas["Message"], "kind"> & MessageExtras;

export interface RoomLabel {
  id: number;
  name: string;
  type: Schemas["Room"]["type"];
}

export interface InboxItem {
  message: Message;
  room: RoomLabel;
  reason: "mention" | "reply";
  unread: boolean;
}

export interface Bookmark {
  id: number;
  message: Message;
  room: RoomLabel;
  created_at: string;
}

interface Answered<Body, Result> {
  requestBody?: [Body] extends [never] ? never : { content: { "application/json": Body } };
  responses: {
    200: { headers: { [name: string]: unknown }; content: { "application/json": Result } };
  };
}

interface Op<Path, Body, Result, Query = never> extends Answered<Body, Result> {
  parameters: { query?: Query; header?: never; path: Path; cookie?: never };
}

interface Plain<Body, Result, Query = never> extends Answered<Body, Result> {
  parameters: { query?: Query; header?: never; path?: never; cookie?: never };
}

type InRoom = { room_id: number; message_id: number };
type OfMessage = { message_id: number };
type Nothing = undefined;
type Page = { before?: number; limit?: number };

interface ComingPaths {
  "/api/v1/rooms/{room_id}/messages/{message_id}": {
    patch: Op<InRoom, { body: string }, Message>;
    delete: Op<InRoom, never, Nothing>;
  };
  "/api/v1/rooms/{room_id}/messages/{message_id}/restore": { post: Op<InRoom, never, Message> };
  "/api/v1/rooms/{room_id}/messages/{message_id}/source": {
    get: Op<InRoom, never, { body: string }>;
  };
  "/api/v1/messages/{message_id}/boosts": {
    post: Op<OfMessage, { content: string }, Schemas["Boost"]>;
  };
  "/api/v1/messages/{message_id}/boosts/{boost_id}": {
    delete: Op<OfMessage & { boost_id: number }, never, Nothing>;
  };
  "/api/v1/users": {
    get: Plain<never, Schemas["User"][], { query?: string; room_id?: number; limit?: number }>;
  };
  "/api/v1/rooms/{room_id}/unread": {
    put: Op<{ room_id: number }, { message_id: number }, Nothing>;
  };
  "/api/v1/rooms/{room_id}/involvement": {
    put: Op<{ room_id: number }, { involvement: Schemas["Room"]["involvement"] }, Schemas["Room"]>;
  };
  "/api/v1/inbox": { get: Plain<never, InboxItem[], Page> };
  "/api/v1/inbox/seen": { put: Plain<never, Nothing> };
  "/api/v1/inbox/count": { get: Plain<never, { unread: number }> };
  "/api/v1/bookmarks": { get: Plain<never, Bookmark[], Page> };
  "/api/v1/bookmarks/ids": { get: Plain<never, number[], { room_id: number }> };
  "/api/v1/messages/{message_id}/bookmark": {
    put: Op<OfMessage, never, Bookmark>;
    delete: Op<OfMessage, never, Nothing>;
  };
  "/api/v1/rooms": {
    post: Plain<{ type: "direct"; user_ids: number[] }, Schemas["Room"]>;
  };
}

/** The generated paths with what is coming. */
export type AllPaths = Omit<paths, keyof ComingPaths> & {
  [Path in keyof ComingPaths]: Path extends keyof paths
    ? Omit<paths[Path], keyof ComingPaths[Path]> & ComingPaths[Path]
    : ComingPaths[Path];
};

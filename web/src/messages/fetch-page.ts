import { api, unwrap } from "../api/client";
import type { Message } from "../api/types";
import { pageSize } from "./window";

/** The part of the history: the end, or messages before, after or around a message. */
export type Cursor =
  | Record<never, never>
  | { before: number }
  | { after: number }
  | { around: number };

/** A page of a room's messages, oldest first. */
export function fetchPage(
  roomId: number,
  cursor: Cursor,
  signal?: AbortSignal,
): Promise<Message[]> {
  // Around a message the server sends a page on each side; a limit would shorten it.
  const query = "around" in cursor ? cursor : { ...cursor, limit: pageSize };
  const params = { path: { room_id: roomId }, query };
  return unwrap(api.GET("/api/v1/rooms/{room_id}/messages", { params, ...(signal && { signal }) }));
}

import { useState } from "react";
import type { Room } from "../api/types";
import { isPresent } from "../rooms/presence";

/**
 * The time since when the room was unread when the reader opened it or returned to its tab. It
 * stays the same while the reader is in the room, although presence marks the room as read.
 */
export function useUnreadSince(room: Room | undefined): string | null {
  const [since, setSince] = useState<string | null>(null);
  const now = room?.unread ? (room.unread_since ?? null) : null;
  if (room && now !== null && now !== since && !isPresent(room.id)) setSince(now);
  return since;
}

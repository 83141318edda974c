import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Room } from "../api/types";
import { isPresent } from "../rooms/presence";
import { roomsQuery } from "../rooms/queries";
import { notifyingUnreadCount, unreadCount } from "../rooms/room-list";
import { strings } from "../strings";
import { usePageTitle } from "../ui/page-title";

function useUnreadCount(): number {
  return useQuery({ ...roomsQuery, select: unreadCount }).data ?? 0;
}

/** Names the page in the browser's tab, with the number of unread rooms before it. */
export function useUnreadPageTitle(title: string) {
  const unread = useUnreadCount();
  usePageTitle(unread > 0 ? strings.sidebar.unreadTitle(unread, title) : title);
}

/** Shows the number of unread rooms on the installed app's icon. */
export function useAppBadge() {
  const unread = useQuery({ ...roomsQuery, select: notifyingUnreadCount }).data ?? 0;
  useEffect(() => {
    // Only some browsers have it, and only installed apps may use it.
    if (!("setAppBadge" in navigator)) return;
    const tell = () => {
      const told = unread > 0 ? navigator.setAppBadge(unread) : navigator.clearAppBadge();
      told.catch(() => undefined);
    };
    // The worker counted while nobody looked, and what it counted may have been read on another device.
    const turned = () => {
      if (!document.hidden) tell();
    };
    tell();
    document.addEventListener("visibilitychange", turned);
    return () => document.removeEventListener("visibilitychange", turned);
  }, [unread]);
}

/**
 * From when on the room was unread for the reader who opened it, or came back to its tab. Stays while
 * they read on, though the room itself is read by then.
 */
export function useUnreadSince(room: Room | undefined): string | null {
  const [since, setSince] = useState<string | null>(null);
  const now = room?.unread ? (room.unread_since ?? null) : null;
  if (room && now !== null && now !== since && !isPresent(room.id)) setSince(now);
  return since;
}

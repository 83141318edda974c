import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { roomsQuery } from "../rooms/queries";
import { notifyingUnreadCount, unreadCount } from "../rooms/room-list";
import { strings } from "../strings";

export function useUnreadTitleFormat(): (title: string) => string {
  const unread = useQuery({ ...roomsQuery, select: unreadCount }).data ?? 0;
  return useCallback(
    (title) => (unread > 0 ? strings.sidebar.unreadTitle(unread, title) : title),
    [unread],
  );
}

/** Shows the number of unread rooms on the icon of the installed app. */
export function useAppBadge() {
  const unread = useQuery({ ...roomsQuery, select: notifyingUnreadCount }).data ?? 0;
  useEffect(() => {
    // Not all browsers support badges, and only installed apps may set one.
    if (!("setAppBadge" in navigator)) return;
    const update = () => {
      const updated = unread > 0 ? navigator.setAppBadge(unread) : navigator.clearAppBadge();
      updated.catch(() => undefined);
    };
    // While the page was hidden, the service worker set the badge; some of that may have been read
    // on another device.
    const onVisibilityChange = () => {
      if (!document.hidden) update();
    };
    update();
    document.addEventListener("visibilitychange", onVisibilityChange);
    return () => document.removeEventListener("visibilitychange", onVisibilityChange);
  }, [unread]);
}

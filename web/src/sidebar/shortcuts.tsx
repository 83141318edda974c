import { useQuery } from "@tanstack/react-query";
import { Bookmark, Inbox, Keyboard, Search } from "lucide-react";
import type { ReactNode } from "react";
import { NavLink } from "react-router";
import { inboxCountQuery } from "../inbox/queries";
import { useOverlays } from "../rooms/overlays";
import { IconButton, names } from "../ui/button";
import { words } from "../words";

/** What leads across all rooms: going anywhere, what concerns me, what I kept. */
export function Shortcuts() {
  const { openSwitcher } = useOverlays();
  const { data: inbox } = useQuery(inboxCountQuery);
  const unread = inbox?.unread ?? 0;
  return (
    <nav className="shortcuts" aria-label={words.sidebar.shortcuts}>
      <Shortcut to="/inbox" icon={<Inbox />} isUnread={unread > 0}>
        {words.inbox.title}
        {unread > 0 && (
          <span className="shortcuts__count">
            {unread}
            <span className="visually-hidden"> {words.sidebar.unread}</span>
          </span>
        )}
      </Shortcut>
      <Shortcut to="/bookmarks" icon={<Bookmark />}>
        {words.bookmarks.title}
      </Shortcut>
      <IconButton
        label={words.switcher.title}
        className="shortcuts__switcher"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={openSwitcher}
      >
        <Search aria-hidden="true" />
      </IconButton>
    </nav>
  );
}

interface ShortcutProps {
  to: string;
  icon: ReactNode;
  isUnread?: boolean;
  children: ReactNode;
}

function Shortcut({ to, icon, isUnread = false, children }: ShortcutProps) {
  return (
    <NavLink className={names("shortcuts__link", isUnread && "shortcuts__link--unread")} to={to}>
      <span className="shortcuts__icon" aria-hidden="true">
        {icon}
      </span>
      {children}
    </NavLink>
  );
}

export function HelpButton() {
  const { openHelp } = useOverlays();
  return (
    <IconButton label={words.keyboard.open} className="sidebar__help" onClick={openHelp}>
      <Keyboard aria-hidden="true" />
    </IconButton>
  );
}

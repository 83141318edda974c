import { useQuery } from "@tanstack/react-query";
import { Bookmark, Compass, Inbox, Keyboard, Search } from "lucide-react";
import type { ReactNode } from "react";
import { NavLink } from "react-router";
import { inboxCountQuery } from "../inbox/queries";
import { useSearchEnabled } from "../search/use-search-enabled";
import { words } from "../strings";
import { IconButton, names } from "../ui/button";
import { useOverlays } from "./overlays";

/** What leads across all rooms: going anywhere, what concerns me, what I kept. */
export function Shortcuts() {
  const { openSwitcher } = useOverlays();
  const { data: inbox } = useQuery(inboxCountQuery);
  const unread = inbox?.unread ?? 0;
  const canSearch = useSearchEnabled();
  return (
    <nav className="shortcuts" aria-label={words.sidebar.shortcuts}>
      <Shortcut to="/inbox" icon={<Inbox />} name={words.inbox.title} isUnread={unread > 0}>
        {unread > 0 && (
          <span className="shortcuts__count">
            {unread}
            <span className="visually-hidden"> {words.sidebar.unread}</span>
          </span>
        )}
      </Shortcut>
      <Shortcut to="/bookmarks" icon={<Bookmark />} name={words.bookmarks.title} />
      {canSearch && <Shortcut to="/searches" icon={<Search />} name={words.search.open} />}
      <IconButton
        label={words.switcher.title}
        className="shortcuts__switcher"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={openSwitcher}
      >
        <Compass aria-hidden="true" />
      </IconButton>
    </nav>
  );
}

interface ShortcutProps {
  to: string;
  icon: ReactNode;
  name: string;
  isUnread?: boolean;
  /** Beside the name. */
  children?: ReactNode;
}

function Shortcut({ to, icon, name, isUnread = false, children }: ShortcutProps) {
  return (
    <NavLink
      className={names("shortcuts__link", isUnread && "shortcuts__link--unread")}
      to={to}
      title={name}
    >
      <span className="shortcuts__icon" aria-hidden="true">
        {icon}
      </span>
      <span className="shortcuts__name">{name}</span>
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

import { useQuery } from "@tanstack/react-query";
import { Bookmark, Compass, Inbox, Keyboard, Search } from "lucide-react";
import type { ReactNode } from "react";
import { NavLink } from "react-router";
import { inboxCountQuery } from "../inbox/queries";
import { useSearchEnabled } from "../search/use-search-enabled";
import { strings } from "../strings";
import { classNames, IconButton } from "../ui/button";
import { useOverlays } from "./overlays";

/** Links to pages about all rooms: inbox, bookmarks, search and the switcher. */
export function Shortcuts() {
  const { openSwitcher } = useOverlays();
  const { data: inbox } = useQuery(inboxCountQuery);
  const unread = inbox?.unread ?? 0;
  const canSearch = useSearchEnabled();
  return (
    <nav className="shortcuts" aria-label={strings.sidebar.shortcuts}>
      <Shortcut to="/inbox" icon={<Inbox />} name={strings.inbox.title} isUnread={unread > 0}>
        {unread > 0 && (
          <span className="shortcuts__count">
            {unread}
            <span className="visually-hidden"> {strings.sidebar.unread}</span>
          </span>
        )}
      </Shortcut>
      <Shortcut to="/bookmarks" icon={<Bookmark />} name={strings.bookmarks.title} />
      {canSearch && <Shortcut to="/searches" icon={<Search />} name={strings.search.open} />}
      <IconButton
        label={strings.switcher.title}
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
  /** Shown after the name. */
  children?: ReactNode;
}

function Shortcut({ to, icon, name, isUnread = false, children }: ShortcutProps) {
  return (
    <NavLink
      className={classNames("shortcuts__link", isUnread && "shortcuts__link--unread")}
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
    <IconButton label={strings.keyboard.open} className="sidebar__help" onClick={openHelp}>
      <Keyboard aria-hidden="true" />
    </IconButton>
  );
}

import { useQuery } from "@tanstack/react-query";
import { Menu, X } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { useLocation } from "react-router";
import { AccountSettingsLink } from "../account/account-settings-link";
import type { Room } from "../api/types";
import { useRoomsWithDrafts } from "../composer/use-rooms-with-drafts";
import { NewPingButton } from "../pings/new-ping-button";
import { MySettingsLink } from "../profile/my-settings-link";
import { NewRoomLink } from "../room-settings/links";
import { roomsQuery } from "../rooms/queries";
import { MuteButton } from "../sounds/mute-button";
import { strings } from "../strings";
import { Button, classNames, IconButton, LoadingDots } from "../ui/button";
import { useMediaQuery, wideScreen } from "../ui/media";
import { useLinkNavigation } from "../ui/use-link-navigation";
import { DirectLink, RoomLink } from "./room-links";
import { HelpButton, Shortcuts } from "./shortcuts";

/** The user's rooms. Beside the page on wide screens; slides in over it on phones. */
export function Sidebar() {
  const id = useId();
  const rooms = useQuery(roomsQuery);
  const isWide = useMediaQuery(wideScreen);
  const { key } = useLocation();
  const [openAt, setOpenAt] = useState<string | null>(null);
  const toggle = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLElement>(null);

  // It is open only for the location where it was opened, so following a link closes it.
  const isOpen = openAt === key && !isWide;
  const hasUnread = rooms.data?.some(({ unread }) => unread) ?? false;

  useEffect(() => {
    if (!isOpen) return;
    panel.current?.querySelector<HTMLElement>("a, button")?.focus();
    const close = ({ key }: KeyboardEvent) => {
      // An open dialog over the sidebar closes first.
      if (key !== "Escape" || document.querySelector("dialog[open]")) return;
      setOpenAt(null);
      toggle.current?.focus();
    };
    document.addEventListener("keydown", close);
    return () => document.removeEventListener("keydown", close);
  }, [isOpen]);

  return (
    <>
      <IconButton
        ref={toggle}
        label={isOpen ? strings.sidebar.close : strings.sidebar.open}
        className={classNames("sidebar-toggle", hasUnread && !isOpen && "sidebar-toggle--unread")}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpenAt(isOpen ? null : key)}
      >
        {isOpen ? <X aria-hidden="true" /> : <Menu aria-hidden="true" />}
      </IconButton>
      <aside
        id={id}
        ref={panel}
        className={classNames("sidebar", isOpen && "sidebar--open")}
        aria-label={strings.sidebar.label}
        inert={!isWide && !isOpen}
      >
        <Shortcuts />
        {rooms.isPending && <LoadingDots />}
        {!rooms.data && rooms.isError && (
          <div className="sidebar__problem" role="alert">
            <p>{strings.sidebar.failed}</p>
            <Button onClick={() => rooms.refetch()}>{strings.retry}</Button>
          </div>
        )}
        {rooms.data && <Rooms rooms={rooms.data} />}
        <Tools />
      </aside>
    </>
  );
}

function Rooms({ rooms }: { rooms: readonly Room[] }) {
  const drafts = useRoomsWithDrafts();
  const { pathname } = useLocation();
  const go = useLinkNavigation();
  const open = roomOf(pathname);
  const directs = rooms.filter(({ type }) => type === "direct");
  const shared = rooms.filter(({ type }) => type !== "direct");
  return (
    <>
      <nav className="directs" aria-label={strings.sidebar.directs}>
        <NewPingButton />
        {directs.map((room) => (
          <DirectLink key={room.id} room={room} isOpen={room.id === open} go={go} />
        ))}
      </nav>
      <nav className="room-links" aria-label={strings.sidebar.rooms}>
        {shared.map((room) => (
          <RoomLink
            key={room.id}
            room={room}
            isOpen={room.id === open}
            go={go}
            hasDraft={drafts.has(room.id)}
          />
        ))}
        <NewRoomLink />
      </nav>
    </>
  );
}

/** The id of the room that a path belongs to. */
function roomOf(pathname: string): number | null {
  const [, id] = pathname.match(/^\/rooms\/(\d+)(?:\/|$)/) ?? [];
  return id === undefined ? null : Number(id);
}

function Tools() {
  return (
    <footer className="sidebar__tools">
      <MySettingsLink />
      <MuteButton />
      <HelpButton />
      <AccountSettingsLink />
    </footer>
  );
}

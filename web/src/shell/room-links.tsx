import { useQuery } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import { type MouseEvent, memo, useId } from "react";
import type { Room } from "../api/types";
import { meQuery } from "../session/queries";
import { strings } from "../strings";
import { Avatar } from "../ui/avatar";
import { classNames } from "../ui/button";

/** How many avatars of a group are shown. */
const clusterSize = 4;

interface Props {
  room: Room;
  /** Whether this room is on the page. */
  isOpen: boolean;
  /** Navigates without a page load. */
  go: (event: MouseEvent<HTMLAnchorElement>) => void;
}

/**
 * A shared room: a pill with its name. There may be hundreds, so it only renders when its props
 * change.
 */
export const RoomLink = memo(function RoomLink({
  room,
  isOpen,
  go,
  hasDraft,
}: Props & { hasDraft: boolean }) {
  const unreadId = useId();
  return (
    <a
      className={classNames("room-link", room.unread && "room-link--unread", isOpen && "active")}
      href={`/rooms/${room.id}`}
      onClick={go}
      aria-current={isOpen ? "page" : undefined}
      aria-describedby={room.unread ? unreadId : undefined}
    >
      <span className="room-link__name">{room.name}</span>
      {hasDraft && (
        <span className="room-link__draft" title={strings.drafts.unsent}>
          <Pencil aria-hidden="true" />
          <span className="visually-hidden">{strings.drafts.unsent}</span>
        </span>
      )}
      {room.unread && <Unread id={unreadId} />}
    </a>
  );
});

/** A ping: the avatar of its person or of several people, with a short name. */
export const DirectLink = memo(function DirectLink({ room, isOpen, go }: Props) {
  const unreadId = useId();
  const { data: me } = useQuery(meQuery);
  const others = room.members ?? [];
  // A ping without other members shows the user's own avatar.
  const people = others.length > 0 ? others : me ? [me] : [];
  const [only] = people;
  return (
    <a
      className={classNames("direct", room.unread && "direct--unread", isOpen && "active")}
      href={`/rooms/${room.id}`}
      onClick={go}
      title={room.name}
      aria-label={room.name}
      aria-current={isOpen ? "page" : undefined}
      aria-describedby={room.unread ? unreadId : undefined}
    >
      <span
        className={classNames("direct__people", people.length > 1 && "direct__people--cluster")}
      >
        {people.slice(0, clusterSize).map((person) => (
          <Avatar
            key={person.id}
            initials={person.initials}
            color={person.color}
            src={person.avatar_url}
          />
        ))}
      </span>
      <span className="direct__name" aria-hidden="true">
        {people.length > 1 || !only
          ? initialsOf(people.map(({ initials }) => initials))
          : firstWord(only.name)}
      </span>
      {room.unread && <Unread id={unreadId} />}
    </a>
  );
});

/** A description, not part of the accessible name, so that the name stays easy to find. */
function Unread({ id }: { id: string }) {
  return (
    <span className="unread-mark">
      <span id={id} hidden>
        {strings.sidebar.unread}
      </span>
    </span>
  );
}

function initialsOf(initials: string[]): string {
  return new Intl.ListFormat("en", { style: "short", type: "unit" }).format(initials);
}

function firstWord(name: string): string {
  return name.trim().split(/\s+/)[0] ?? name;
}

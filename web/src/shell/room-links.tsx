import { useQuery } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import { type MouseEvent, memo, useId } from "react";
import type { Room } from "../api/types";
import { meQuery } from "../session/queries";
import { strings } from "../strings";
import { Avatar } from "../ui/avatar";
import { classNames } from "../ui/button";

/** How many of a group are shown as small pictures. */
const clusterSize = 4;

interface Props {
  room: Room;
  /** Whether it is the room on the page. */
  isOpen: boolean;
  /** Follows the link. */
  go: (event: MouseEvent<HTMLAnchorElement>) => void;
}

/** A shared room: a pill with its name. One of hundreds: drawn anew only when something about it changes. */
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

/** A direct room: the picture of its person, or of several, with the first word of the name. */
export const DirectLink = memo(function DirectLink({ room, isOpen, go }: Props) {
  const unreadId = useId();
  const { data: me } = useQuery(meQuery);
  const others = room.members ?? [];
  // A ping with nobody else left, or with oneself, shows oneself.
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

/** Said after the name, so that the name stays what people look for. */
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

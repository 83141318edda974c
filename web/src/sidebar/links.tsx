import { useQuery } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import { useId } from "react";
import { NavLink } from "react-router";
import type { Room } from "../api/types";
import { meQuery } from "../session/queries";
import { Avatar } from "../ui/avatar";
import { names } from "../ui/button";
import { words } from "../words";

/** How many of a group are shown as small pictures. */
const clusterSize = 4;

/** A shared room: a pill with its name. */
export function RoomLink({ room, hasDraft }: { room: Room; hasDraft: boolean }) {
  const unreadId = useId();
  return (
    <NavLink
      className={names("room-link", room.unread && "room-link--unread")}
      to={`/rooms/${room.id}`}
      aria-describedby={room.unread ? unreadId : undefined}
    >
      <span className="room-link__name">{room.name}</span>
      {hasDraft && (
        <span className="room-link__draft" title={words.drafts.unsent}>
          <Pencil aria-hidden="true" />
          <span className="visually-hidden">{words.drafts.unsent}</span>
        </span>
      )}
      {room.unread && <Unread id={unreadId} />}
    </NavLink>
  );
}

/** A direct room: the picture of its person, or of several, with the first word of the name. */
export function DirectLink({ room }: { room: Room }) {
  const unreadId = useId();
  const { data: me } = useQuery(meQuery);
  const others = room.members ?? [];
  // A ping with nobody else left, or with oneself, shows oneself.
  const people = others.length > 0 ? others : me ? [me] : [];
  const [only] = people;
  return (
    <NavLink
      className={names("direct", room.unread && "direct--unread")}
      to={`/rooms/${room.id}`}
      title={room.name}
      aria-label={room.name}
      aria-describedby={room.unread ? unreadId : undefined}
    >
      <span className={names("direct__people", people.length > 1 && "direct__people--cluster")}>
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
    </NavLink>
  );
}

/** Said after the name, so that the name stays what people look for. */
function Unread({ id }: { id: string }) {
  return (
    <span className="unread-mark">
      <span id={id} hidden>
        {words.sidebar.unread}
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

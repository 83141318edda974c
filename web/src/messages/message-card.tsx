import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Message, RoomLabel } from "../api/types";
import { Unrenderable } from "../conversation/message-item";
import { words } from "../strings";
import { Avatar } from "../ui/avatar";
import { names } from "../ui/button";
import { Guard } from "../ui/lazy-boundary";
import { shortDateTime, Time } from "../ui/time";

interface Props {
  message: Message;
  room: RoomLabel;
  /** Why it is here. */
  headline: string;
  isNew?: boolean;
  /** The words to show in place of its beginning. */
  excerpt?: ReactNode;
  /** Called when somebody follows it to its room. */
  onOpen?: () => void;
  /** What can be done with it. */
  action?: ReactNode;
}

/** A message outside of its room: all of it leads there. */
export function MessageCard(props: Props) {
  return (
    <Guard fallback={<Unrenderable />} version={props.message}>
      <Card {...props} />
    </Guard>
  );
}

function Card({ message, room, headline, isNew = false, excerpt, onOpen, action }: Props) {
  const { creator } = message;
  return (
    <article className={names("message-card", isNew && "message-card--new")}>
      <Avatar initials={creator.initials} color={creator.color} src={creator.avatar_url} />
      <div className="message-card__main">
        <p className="message-card__meta">
          <strong>{headline}</strong> <span>{words.inbox.in(room.name)}</span>{" "}
          <Time
            className="message-card__time"
            date={new Date(message.created_at)}
            format={shortDateTime}
          />
          {isNew && <span className="message-card__badge">{words.inbox.isNew}</span>}
        </p>
        {/* The words are enough here; the whole message stands in its room. */}
        <Link
          className="message-card__text"
          to={`/rooms/${message.room_id}/@${message.id}`}
          onClick={onOpen}
        >
          {message.sound
            ? words.sounds.play(message.sound.name)
            : (excerpt ?? beginningOf(message.body.plain))}
        </Link>
      </div>
      {action}
    </article>
  );
}

/** As many characters as anybody reads before going there. */
const longest = 400;

function beginningOf(text: string): string {
  const characters = [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest).join("")}…`;
}

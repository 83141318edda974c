import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Message, RoomLabel } from "../api/types";
import { strings } from "../strings";
import { Avatar } from "../ui/avatar";
import { classNames } from "../ui/button";
import { ErrorBoundary } from "../ui/lazy-boundary";
import { shortDateTime, Time } from "../ui/time";
import { Unrenderable } from "./unrenderable";

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
    <ErrorBoundary fallback={<Unrenderable />} resetKey={props.message}>
      <Card {...props} />
    </ErrorBoundary>
  );
}

function Card({ message, room, headline, isNew = false, excerpt, onOpen, action }: Props) {
  const { creator } = message;
  return (
    <article className={classNames("message-card", isNew && "message-card--new")}>
      <Avatar initials={creator.initials} color={creator.color} src={creator.avatar_url} />
      <div className="message-card__main">
        <p className="message-card__meta">
          <strong>{headline}</strong> <span>{strings.inbox.in(room.name)}</span>{" "}
          <Time
            className="message-card__time"
            date={new Date(message.created_at)}
            format={shortDateTime}
          />
          {isNew && <span className="message-card__badge">{strings.inbox.isNew}</span>}
        </p>
        {/* The words are enough here; the whole message stands in its room. */}
        <Link
          className="message-card__text"
          to={`/rooms/${message.room_id}/@${message.id}`}
          onClick={onOpen}
        >
          {message.sound
            ? strings.sounds.play(message.sound.name)
            : (excerpt ?? truncate(message.body.plain))}
        </Link>
      </div>
      {action}
    </article>
  );
}

/** As many characters as anybody reads before going there. */
const maxLength = 400;

function truncate(text: string): string {
  const characters = [...text];
  return characters.length <= maxLength ? text : `${characters.slice(0, maxLength).join("")}…`;
}

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
  /** Why the message is listed, for example who wrote it. */
  headline: string;
  isNew?: boolean;
  /** Shown instead of the beginning of the text. */
  excerpt?: ReactNode;
  /** Called when the link to the room is clicked. */
  onOpen?: () => void;
  /** A button. */
  action?: ReactNode;
}

/** A message outside its room, as in the inbox: the whole card links to it. */
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
        {/* Only the text is shown here; the room shows the whole message. */}
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

/** In characters. */
const maxLength = 400;

function truncate(text: string): string {
  const characters = [...text];
  return characters.length <= maxLength ? text : `${characters.slice(0, maxLength).join("")}…`;
}

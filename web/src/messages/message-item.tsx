import { memo } from "react";
import { Link } from "react-router";
import type { Message } from "../api/types";
import { Avatar } from "../ui/avatar";
import { names } from "../ui/button";
import { clockTime, Time } from "../ui/time";
import { words } from "../words";
import { MessageBody } from "./message-body";

interface Props {
  message: Message;
  /** Stands close below another one of the same author, without name and picture. */
  follows: boolean;
  myId: number;
  /** The address leads here. */
  isMarked: boolean;
}

/** A message as the server has it. */
export const MessageItem = memo(function MessageItem({ message, follows, myId, isMarked }: Props) {
  const { creator } = message;
  const isMine = creator.id === myId;
  const headingId = `message-${message.id}-heading`;
  return (
    <article
      className={names(
        "message",
        isMine && "message--mine",
        follows && "message--follows",
        message.emoji_only && "message--emoji",
        message.mentions.includes(myId) && "message--mentions-me",
        isMarked && "message--marked",
      )}
      data-row=""
      data-message-id={message.id}
      data-user-id={creator.id}
      aria-labelledby={headingId}
    >
      <div className="message__avatar">
        {!follows && (
          <Avatar initials={creator.initials} color={creator.color} src={creator.avatar_url} />
        )}
      </div>
      <div className="message__main">
        <h3 className="message__meta" id={headingId}>
          <span className="message__author">{creator.name}</span>{" "}
          <Link className="message__time" to={`/rooms/${message.room_id}/@${message.id}`}>
            <Time date={new Date(message.created_at)} format={clockTime} />
          </Link>
          {message.edited && <span className="message__edited">{words.messages.edited}</span>}
        </h3>
        <MessageBody html={message.body.html} plain={message.body.plain} />
        {message.boosts.length > 0 && (
          <ul className="boosts">
            {message.boosts.map((boost) => (
              <li
                key={boost.id}
                className="boost"
                aria-label={words.messages.boosted(boost.booster.name, boost.content)}
              >
                <Avatar
                  initials={boost.booster.initials}
                  color={boost.booster.color}
                  src={boost.booster.avatar_url}
                />
                <span className="boost__content">{boost.content}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </article>
  );
});

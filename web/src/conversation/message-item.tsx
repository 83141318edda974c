import { Bookmark, Paperclip } from "lucide-react";
import { memo, useCallback, useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import type { Message, User } from "../api/types";
import { BoostForm } from "../boosts/boost-form";
import { Boosts } from "../boosts/boosts";
import { MessageBody } from "../messages/message-body";
import { Unrenderable } from "../messages/unrenderable";
import { SoundLine } from "../sounds/sound-line";
import { strings } from "../strings";
import { Avatar } from "../ui/avatar";
import { classNames } from "../ui/button";
import { clockTime, fullTime, Time } from "../ui/time";
import { MessageActions } from "./message-actions";
import { MessageEditing } from "./message-editing";
import { useTools } from "./tools";

interface Props {
  message: Message;
  /** Grouped below another message of the same author, without name and avatar. */
  follows: boolean;
  me: User;
  /** The URL points to this message. */
  isMarked: boolean;
  /** Arrived while the page was open. */
  isFresh: boolean;
  /** The message when editing started; null if it is not being edited. */
  editedFrom: Message | null;
  /** Was deleted while it is being edited. */
  isGone: boolean;
  isBookmarked: boolean;
}

/** A message that the server has stored. */
export const MessageItem = memo(function MessageItem(props: Props) {
  const { message, follows, me, isMarked, isFresh, editedFrom, isGone, isBookmarked } = props;
  const { creator } = message;
  const { boosting, stopEditing } = useTools();
  const element = useRef<HTMLElement>(null);
  const [isBoosting, setIsBoosting] = useState(false);
  const headingId = `message-${message.id}-heading`;
  const isEditing = editedFrom !== null;
  useFocusAfter(isEditing, element);

  const newBoost = useCallback(() => setIsBoosting(true), []);
  const closeBoost = () => {
    setIsBoosting(false);
    element.current?.focus();
  };

  return (
    <article
      ref={element}
      className={classNames(
        "message",
        creator.id === me.id && "message--mine",
        follows && "message--follows",
        message.emoji_only && message.kind === "text" && "message--emoji",
        message.mentions.includes(me.id) && "message--mentions-me",
        isFresh && "message--fresh",
        isMarked && "message--marked",
        isEditing && "message--editing",
        creator.status !== "active" && "message--inactive",
      )}
      data-row=""
      data-message-id={message.id}
      data-user-id={creator.id}
      aria-labelledby={headingId}
      tabIndex={-1}
    >
      <div className="message__avatar">
        {!follows && (
          <Avatar initials={creator.initials} color={creator.color} src={creator.avatar_url} />
        )}
      </div>
      <div className="message__main">
        <h3 className="message__meta" id={headingId}>
          <span className="message__author">{creator.name}</span>{" "}
          {creator.status !== "active" && (
            <span className="message__gone">({strings.messages.deactivated})</span>
          )}
          <Link className="message__time" to={`/rooms/${message.room_id}/@${message.id}`}>
            <Time date={new Date(message.created_at)} format={clockTime} />
          </Link>
        </h3>
        {editedFrom ? (
          <MessageEditing
            userId={me.id}
            message={message}
            from={editedFrom}
            isGone={isGone}
            onClose={stopEditing}
          />
        ) : (
          <div className="message__line">
            <Content message={message} />
            <MessageActions message={message} isBookmarked={isBookmarked} onNewBoost={newBoost} />
          </div>
        )}
        <Badges message={message} isBookmarked={isBookmarked} />
        <Boosts message={message} myId={me.id} boosting={boosting} onNew={newBoost} />
        {isBoosting && (
          <BoostForm
            me={me}
            onSubmit={(content) => {
              boosting.add(message.id, content);
              closeBoost();
            }}
            onCancel={closeBoost}
          />
        )}
      </div>
    </article>
  );
});

function Content({ message }: { message: Message }) {
  const { kind, sound, body } = message;
  if (kind === "sound" && sound) return <SoundLine sound={sound} />;
  if (body.html.trim() === "" && body.plain.trim() === "") return <Unrenderable />;
  if (kind === "attachment") {
    return (
      <div className="message__body message__body--file">
        <Paperclip aria-hidden="true" />
        {body.plain}
      </div>
    );
  }
  return <MessageBody html={body.html} plain={body.plain} />;
}

function Badges({ message, isBookmarked }: { message: Message; isBookmarked: boolean }) {
  if (!message.edited && !isBookmarked) return null;
  const changed = strings.messages.editedAt(fullTime.format(new Date(message.updated_at)));
  return (
    <p className="message__badges">
      {isBookmarked && (
        <span className="message__bookmark" title={strings.bookmarks.title}>
          <Bookmark aria-hidden="true" />
          <span className="visually-hidden">{strings.bookmarks.title}</span>
        </span>
      )}
      {message.edited && (
        <span className="message__edited" title={changed}>
          {strings.messages.edited}
        </span>
      )}
    </p>
  );
}

/** Returns the focus to the message when its editor closes. */
function useFocusAfter(isEditing: boolean, element: { readonly current: HTMLElement | null }) {
  const was = useRef(isEditing);
  useEffect(() => {
    if (was.current && !isEditing) element.current?.focus();
    was.current = isEditing;
  }, [isEditing, element]);
}

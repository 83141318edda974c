import { CircleAlert, RotateCcw, Trash2 } from "lucide-react";
import type { User } from "../api/types";
import { useConnectionState } from "../cable/context";
import { useOutbox } from "../outbox/context";
import type { OutboxEntry } from "../outbox/entry";
import { strings } from "../strings";
import { Avatar } from "../ui/avatar";
import { Button, classNames, LoadingDots } from "../ui/button";
import { clockTime, Time } from "../ui/time";

interface Props {
  entry: OutboxEntry;
  follows: boolean;
  me: User;
}

/** A message that the server has not acknowledged: being sent, waiting, or rejected. */
export function UnsentItem({ entry, follows, me }: Props) {
  const outbox = useOutbox();
  const isOffline = useConnectionState() === "offline";
  const isFailed = entry.state === "failed";
  const headingId = `unsent-${entry.clientMessageId}-heading`;
  return (
    <article
      className={classNames(
        "message message--mine",
        follows && "message--follows",
        isFailed ? "message--failed" : "message--pending",
      )}
      data-row=""
      tabIndex={-1}
      data-client-message-id={entry.clientMessageId}
      data-user-id={me.id}
      aria-labelledby={headingId}
    >
      <div className="message__avatar">
        {!follows && <Avatar initials={me.initials} color={me.color} src={me.avatar_url} />}
      </div>
      <div className="message__main">
        <h3 className="message__meta" id={headingId}>
          <span className="message__author">{me.name}</span>{" "}
          <span className="message__time">
            <Time date={new Date(entry.writtenAt)} format={clockTime} />
          </span>
          {!isFailed && (
            <span
              className="message__state"
              title={isOffline ? strings.messages.waiting : strings.messages.sending}
            >
              <span className="visually-hidden">
                {isOffline ? strings.messages.waiting : strings.messages.sending}
              </span>
              <LoadingDots />
            </span>
          )}
        </h3>
        <div className="message__body message__body--plain" dir="auto">
          {entry.text}
        </div>
        {isFailed && (
          <div className="message__failure" role="alert">
            <span>
              <CircleAlert aria-hidden="true" className="message__failure-icon" />
              {strings.messages.failed} {entry.reason}
            </span>
            <Button onClick={() => outbox.retry(entry.clientMessageId)}>
              <RotateCcw aria-hidden="true" />
              {strings.messages.retry}
            </Button>
            <Button onClick={() => outbox.discard(entry.clientMessageId)} look="negative">
              <Trash2 aria-hidden="true" />
              {strings.messages.remove}
            </Button>
          </div>
        )}
      </div>
    </article>
  );
}

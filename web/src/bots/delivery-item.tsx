import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { Link } from "react-router";
import { sentenceFor, statusOf } from "../api/problem";
import { words } from "../strings";
import { Button } from "../ui/button";
import { KeepsFocus } from "../ui/preserve-focus";
import { shortDateTime, Time } from "../ui/time";
import { useToast } from "../ui/toasts";
import { useTask } from "../ui/use-task";
import { type Attempt, type Delivery, resend } from "./api";
import { logChanged } from "./queries";
import { StateBadge } from "./state-badge";

interface Props {
  botId: number;
  delivery: Delivery;
  roomName: string | undefined;
}

/** One thing that the webhook was to be told. */
export function DeliveryItem({ botId, delivery, roomName }: Props) {
  const cache = useQueryClient();
  const toast = useToast();
  const again = useTask(async () => {
    try {
      await resend(botId, delivery.id);
      toast({ text: words.bots.resent });
    } catch (error) {
      const isWaiting = statusOf(error) === 409;
      const text = isWaiting
        ? words.bots.stillWaiting
        : words.bots.resendFailed(sentenceFor(error));
      toast({ text, tone: "problem" });
    }
    logChanged(cache, botId);
  });
  const { message_id, room_id, attempts } = delivery;
  const isTest = message_id === null || room_id === null;
  const about = isTest ? words.bots.testDelivery : words.bots.messageIn(roomName);
  const created = new Date(delivery.created_at);
  const card = useRef<HTMLElement>(null);
  return (
    <article className="delivery" ref={card}>
      <KeepsFocus list={card} item="button, summary">
        <div className="delivery__head">
          <StateBadge state={delivery.state} />
          <span className="delivery__what">
            {isTest ? (
              about
            ) : (
              <Link className="link" to={`/rooms/${room_id}/@${message_id}`}>
                {about}
              </Link>
            )}
          </span>
          <Time className="delivery__time" date={created} format={shortDateTime} />
        </div>
        <div className="delivery__line">
          <p className="delivery__about">{summaryOf(delivery)}</p>
          {delivery.state !== "waiting" && (
            <Button
              className="delivery__again"
              aria-label={words.bots.resendOf(about, shortDateTime.format(created))}
              onClick={() => again.run()}
              busy={again.busy}
            >
              {words.bots.resend}
            </Button>
          )}
        </div>
        <details className="delivery__more">
          <summary>{words.bots.attempts(attempts.length)}</summary>
          {attempts.length > 0 && (
            <ol className="delivery__attempts">
              {attempts.map((attempt) => (
                <li key={attempt.at}>
                  <Time date={new Date(attempt.at)} format={shortDateTime} /> {lineOf(attempt)}
                </li>
              ))}
            </ol>
          )}
          <p className="delivery__id">{words.bots.webhookId(delivery.webhook_id)}</p>
        </details>
      </KeepsFocus>
    </article>
  );
}

/** Where it went, how the last attempt ended, and what became of the answer. */
export function summaryOf({ url_host, attempts, reply }: Delivery): string {
  const last = attempts.at(-1);
  return [url_host, last && lineOf(last), reply && words.bots.replies[reply]]
    .filter(Boolean)
    .join(" · ");
}

function lineOf({ status, outcome, duration_ms }: Attempt): string {
  // The words mostly begin with the status; it is not said twice.
  const isSaid = status === null || outcome.includes(String(status));
  const parts = [isSaid ? null : String(status), outcome, words.bots.took(duration_ms)];
  return parts.filter(Boolean).join(", ");
}

import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { Link } from "react-router";
import { errorMessage, statusOf } from "../api/problem";
import { strings } from "../strings";
import { Button } from "../ui/button";
import { PreserveFocus } from "../ui/preserve-focus";
import { shortDateTime, Time } from "../ui/time";
import { useToast } from "../ui/toasts";
import { useTask } from "../ui/use-task";
import { type Attempt, type Delivery, resend } from "./api";
import { refreshDeliveries } from "./queries";
import { StateBadge } from "./state-badge";

interface Props {
  botId: number;
  delivery: Delivery;
  roomName: string | undefined;
}

/** A delivery in the log. */
export function DeliveryItem({ botId, delivery, roomName }: Props) {
  const cache = useQueryClient();
  const toast = useToast();
  const resendTask = useTask(async () => {
    try {
      await resend(botId, delivery.id);
      toast({ text: strings.bots.resent });
    } catch (error) {
      const isWaiting = statusOf(error) === 409;
      const text = isWaiting
        ? strings.bots.stillWaiting
        : strings.bots.resendFailed(errorMessage(error));
      toast({ text, tone: "problem" });
    }
    refreshDeliveries(cache, botId);
  });
  const { message_id, room_id, attempts } = delivery;
  const isTest = message_id === null || room_id === null;
  const about = isTest ? strings.bots.testDelivery : strings.bots.messageIn(roomName);
  const created = new Date(delivery.created_at);
  const card = useRef<HTMLElement>(null);
  return (
    <article className="delivery" ref={card}>
      <PreserveFocus list={card} item="button, summary">
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
              aria-label={strings.bots.resendOf(about, shortDateTime.format(created))}
              onClick={() => resendTask.run()}
              busy={resendTask.busy}
            >
              {strings.bots.resend}
            </Button>
          )}
        </div>
        <details className="delivery__more">
          <summary>{strings.bots.attempts(attempts.length)}</summary>
          {attempts.length > 0 && (
            <ol className="delivery__attempts">
              {attempts.map((attempt) => (
                <li key={attempt.at}>
                  <Time date={new Date(attempt.at)} format={shortDateTime} />{" "}
                  {describeAttempt(attempt)}
                </li>
              ))}
            </ol>
          )}
          <p className="delivery__id">{strings.bots.webhookId(delivery.webhook_id)}</p>
        </details>
      </PreserveFocus>
    </article>
  );
}

/** The host, the outcome of the last attempt, and what happened with the response. */
export function summaryOf({ url_host, attempts, reply }: Delivery): string {
  const last = attempts.at(-1);
  return [url_host, last && describeAttempt(last), reply && strings.bots.replies[reply]]
    .filter(Boolean)
    .join(" · ");
}

function describeAttempt({ status, outcome, duration_ms }: Attempt): string {
  // The outcome often includes the status.
  const isIncluded = status === null || outcome.includes(String(status));
  const parts = [isIncluded ? null : String(status), outcome, strings.bots.took(duration_ms)];
  return parts.filter(Boolean).join(", ");
}

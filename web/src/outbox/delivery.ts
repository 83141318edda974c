import { api, unwrap } from "../api/client";
import { errorMessage, isTransient, Problem, statusOf } from "../api/problem";
import type { Message } from "../api/types";
import { isStillCurrentUser } from "../storage/current-user";
import { strings } from "../strings";
import type { OutboxEntry } from "./entry";

/** The result of one attempt to send an entry. */
export type DeliveryOutcome =
  | { kind: "sent"; message: Message }
  /** The network or the server is down. `retryAfter` is in seconds, if the server sent it. */
  | { kind: "retry"; retryAfter: number | null; isServerError: boolean }
  /** Retrying would not help until something changes. */
  | { kind: "refused"; reason: string }
  | { kind: "signed_out" };

/**
 * Posts an entry once. If it was posted before, the server responds with the message that it stored
 * then.
 */
export async function deliver(entry: OutboxEntry): Promise<DeliveryOutcome> {
  // The session cookie belongs to another user by now.
  if (!isStillCurrentUser(entry.userId)) return { kind: "signed_out" };
  try {
    const message = await unwrap(
      api.POST("/api/v1/rooms/{room_id}/messages", {
        params: { path: { room_id: entry.roomId } },
        body: { ...messageBody(entry), client_message_id: entry.clientMessageId },
      }),
    );
    return { kind: "sent", message };
  } catch (error) {
    return outcomeFromError(error);
  }
}

/** The formatted content, or the text of an entry that has none. */
export function messageBody({ html, text }: OutboxEntry): { body: string } | { text: string } {
  return html === undefined ? { text } : { body: html };
}

export function outcomeFromError(error: unknown): DeliveryOutcome {
  const status = statusOf(error);
  if (status === 401) return { kind: "signed_out" };
  if (status === 403) return { kind: "refused", reason: strings.outbox.notAllowed };
  if (status === 404) return { kind: "refused", reason: strings.outbox.roomGone };
  if (status === null || isTransient(error)) {
    const retryAfter = error instanceof Problem ? error.retryAfter : null;
    return { kind: "retry", retryAfter, isServerError: status === 500 };
  }
  const field = error instanceof Problem ? Object.values(error.fields)[0] : undefined;
  return { kind: "refused", reason: field ?? errorMessage(error) };
}

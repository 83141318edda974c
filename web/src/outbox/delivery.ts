import { answer, api } from "../api/client";
import { isPassing, Problem, sentenceFor, statusOf } from "../api/problem";
import type { Message } from "../api/types";
import { isStillSignedIn } from "../storage/current-user";
import { words } from "../strings";
import type { Entry } from "./entry";

/** What became of one attempt to send an entry. */
export type Outcome =
  | { kind: "sent"; message: Message }
  /** The network or the server is down; `retryAfter` is in seconds, when the server named it. */
  | { kind: "later"; retryAfter: number | null; broken: boolean }
  /** Trying again would not help until somebody changes something. */
  | { kind: "refused"; reason: string }
  | { kind: "signed_out" };

/** Posts an entry once. The server answers a repeated entry with the message it stored first. */
export async function deliver(entry: Entry): Promise<Outcome> {
  // The cookie is somebody else's by now: these are not their words.
  if (!isStillSignedIn(entry.userId)) return { kind: "signed_out" };
  try {
    const message = await answer(
      api.POST("/api/v1/rooms/{room_id}/messages", {
        params: { path: { room_id: entry.roomId } },
        body: { ...contentOf(entry), client_message_id: entry.clientMessageId },
      }),
    );
    return { kind: "sent", message };
  } catch (error) {
    return outcomeOf(error);
  }
}

/** Formatted content, or the plain text of an entry that has no other. */
export function contentOf({ html, text }: Entry): { body: string } | { text: string } {
  return html === undefined ? { text } : { body: html };
}

export function outcomeOf(error: unknown): Outcome {
  const status = statusOf(error);
  if (status === 401) return { kind: "signed_out" };
  if (status === 403) return { kind: "refused", reason: words.outbox.notAllowed };
  if (status === 404) return { kind: "refused", reason: words.outbox.roomGone };
  if (status === null || isPassing(error)) {
    const retryAfter = error instanceof Problem ? error.retryAfter : null;
    return { kind: "later", retryAfter, broken: status === 500 };
  }
  const field = error instanceof Problem ? Object.values(error.fields)[0] : undefined;
  return { kind: "refused", reason: field ?? sentenceFor(error) };
}

import { type Channel, type Message, SubscriptionRejectedError } from "@anycable/core";
import type { Connection } from "./connection";

/** How long the server may take to say whether it still has what was missed. */
const historyTimeout = 5_000;

/** When to subscribe again after the server left a subscription unanswered. */
const resubscribeDelay = 5_000;

interface Subscriber<Event> {
  /** An event, in the order of its commit. May repeat what is known already. */
  receive(event: Event): void;
  /** The subscription stands for the first time: what is fetched from now on misses nothing. */
  subscribed(): void;
  /** There was a break and the server cannot replay it: fetch again. */
  eventsMissed(): void;
  /** The subscription stands, for the first time or again. */
  connected?(): void;
  /** The server does not let this person listen. */
  rejected?(): void;
}

/**
 * Subscribes to a channel and tells apart the three things that matter after a break: the missed events
 * came (nothing to do), they cannot come (`lost`), or nobody said (also `lost`). Returns how to stop.
 */
export function subscribeToChannel<Event extends Message>(
  connection: Connection,
  // biome-ignore lint/complexity/noBannedTypes: the published type of a channel without parameters
  channel: Channel<{}, Event>,
  follower: Subscriber<Event>,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const settle = () => clearTimeout(timer);
  const lost = () => {
    settle();
    follower.eventsMissed();
  };
  const unbind = [
    channel.on("message", (event) => follower.receive(event)),
    channel.on("connect", ({ reconnect }) => {
      settle();
      follower.connected?.();
      if (!reconnect) return follower.subscribed();
      timer = setTimeout(lost, historyTimeout);
    }),
    channel.on("info", ({ type }) => {
      if (type === "history_received") settle();
      if (type === "history_not_found") lost();
    }),
    channel.on("disconnect", settle),
    channel.on("close", (reason) => {
      settle();
      if (reason instanceof SubscriptionRejectedError) follower.rejected?.();
      // Also without a reason: the library gives none when the socket breaks before the answer. Who leaves is unbound first.
      else timer = setTimeout(() => connection.subscribe(channel), resubscribeDelay);
    }),
  ];
  connection.subscribe(channel);
  return () => {
    settle();
    for (const stop of unbind) stop();
    channel.disconnect();
  };
}

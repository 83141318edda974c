import { type Channel, type Message, SubscriptionRejectedError } from "@anycable/core";
import type { Connection } from "./connection";

/** How long the server may take to replay missed events, in milliseconds. */
const historyTimeout = 5_000;

/** The delay before subscribing again when the server did not answer, in milliseconds. */
const resubscribeDelay = 5_000;

interface Subscriber<Event> {
  /** Events arrive in commit order and may repeat. */
  receive(event: Event): void;
  /** Subscribed for the first time: data that is fetched from now on misses no event. */
  subscribed(): void;
  /** Events were missed and the server cannot replay them: refetch. */
  eventsMissed(): void;
  /** Subscribed, for the first time or again. */
  connected?(): void;
  /** The server rejected the subscription. */
  rejected?(): void;
}

/**
 * Subscribes to a channel and handles reconnects: either the server replays the missed events, or
 * `eventsMissed` is called, also when the server does not answer in time. Returns a function that
 * unsubscribes.
 */
export function subscribeToChannel<Event extends Message>(
  connection: Connection,
  // biome-ignore lint/complexity/noBannedTypes: the type that @anycable/core exports for channels without parameters
  channel: Channel<{}, Event>,
  follower: Subscriber<Event>,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const clearTimer = () => clearTimeout(timer);
  const lost = () => {
    clearTimer();
    follower.eventsMissed();
  };
  const unbind = [
    channel.on("message", (event) => follower.receive(event)),
    channel.on("connect", ({ reconnect }) => {
      clearTimer();
      follower.connected?.();
      if (!reconnect) return follower.subscribed();
      timer = setTimeout(lost, historyTimeout);
    }),
    channel.on("info", ({ type }) => {
      if (type === "history_received") clearTimer();
      if (type === "history_not_found") lost();
    }),
    channel.on("disconnect", clearTimer),
    channel.on("close", (reason) => {
      clearTimer();
      if (reason instanceof SubscriptionRejectedError) follower.rejected?.();
      // Also without a reason: the library gives none when the socket closes before the answer.
      // Unsubscribing removes this listener first.
      else timer = setTimeout(() => connection.subscribe(channel), resubscribeDelay);
    }),
  ];
  connection.subscribe(channel);
  return () => {
    clearTimer();
    for (const stop of unbind) stop();
    channel.disconnect();
  };
}

import type { Message } from "../api/types";
import { strings } from "../strings";
import type { DeliveryOutcome } from "./delivery";
import { newClientMessageId, type OutboxEntry } from "./entry";
import type { OutboxStore } from "./store";

/** How many unsent messages a user may have on one device: enough for hours without a network. */
export const maxEntries = 500;

/**
 * The delay after the first failed attempt, and the longest one, in milliseconds. The delay doubles
 * with each attempt.
 */
const minRetryDelay = 1_000;
const maxRetryDelay = 30_000;

/**
 * After this many responses with status 500 an entry fails, so that it does not block its room
 * forever.
 */
const maxServerErrors = 6;

/** Messages between the tabs of one user. */
export type TabMessage = { kind: "changed" } | { kind: "sent"; message: Message };

export interface OutboxDependencies {
  userId: number;
  store: OutboxStore;
  deliver(entry: OutboxEntry): Promise<DeliveryOutcome>;
  /** Runs `work` while no other tab runs it under the same name. */
  withLock(name: string, work: () => Promise<void>): Promise<void>;
  /** Sends to the other tabs. */
  broadcast(message: TabMessage): void;
  /** Called with each message that the server stored, from any tab. */
  onDelivered(message: Message): void;
  now(): number;
  /** Calls back after a delay; returns a function that cancels. */
  schedule(milliseconds: number, then: () => void): () => void;
  /** From 0 to 1, as `Math.random`: adds jitter to retries. */
  random(): number;
}

interface RetryState {
  attempts: number;
  serverErrors: number;
  /** Ends the current delay. */
  wake: (() => void) | null;
}

/**
 * Holds a user's messages until the server has acknowledged them. Entries are saved before they are
 * sent, sent one at a time and in order within a room, survive closed tabs and network failures,
 * and are never shown twice.
 */
export class Outbox {
  readonly #dependencies: OutboxDependencies;
  readonly #listeners = new Set<() => void>();
  readonly #sendingRooms = new Map<number, RetryState>();
  /** Entries that are not in the store: still being saved, or saving failed. */
  readonly #unsaved = new Set<string>();
  /** Those of them for which saving failed. */
  readonly #memoryOnly = new Set<string>();
  /** Removed here while a write to the store may still be pending. */
  readonly #settled = new Set<string>();
  #entries: readonly OutboxEntry[] = [];
  #stopped = false;

  constructor(dependencies: OutboxDependencies) {
    this.#dependencies = dependencies;
    dependencies.store.onLost(() => {
      for (const entry of this.#entries) this.#saveThenSend(entry);
    });
  }

  /** All waiting and failed entries, in order. A new array after each change. */
  get entries(): readonly OutboxEntry[] {
    return this.#entries;
  }

  /** Whether closing this tab would lose an entry. */
  get hasMemoryOnlyEntries(): boolean {
    if (!this.#dependencies.store.isPersistent) return this.#entries.length > 0;
    return this.#memoryOnly.size > 0;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Loads the entries of earlier visits and sends them. */
  async start() {
    await this.#reload();
    this.#sendEverything();
  }

  stop() {
    this.#stopped = true;
    for (const attempts of this.#sendingRooms.values()) attempts.wake?.();
  }

  /**
   * Accepts a message: its text, and its HTML if it is formatted. Returns an error message when the
   * outbox is full, otherwise null.
   */
  submit(roomId: number, text: string, html?: string): string | null {
    if (this.#entries.length >= maxEntries) return strings.composer.full;
    const entry: OutboxEntry = {
      clientMessageId: newClientMessageId(),
      userId: this.#dependencies.userId,
      roomId,
      text,
      ...(html === undefined ? {} : { html }),
      writtenAt: this.#dependencies.now(),
      position: this.#nextPosition(),
      state: "waiting",
      reason: null,
    };
    this.#setEntries([...this.#entries, entry]);
    this.#saveThenSend(entry);
    return null;
  }

  /** Sends a failed entry again, after everything that is waiting. */
  retry(clientMessageId: string) {
    const entry = this.#find(clientMessageId);
    if (entry?.state !== "failed") return;
    const retried: OutboxEntry = {
      ...entry,
      state: "waiting",
      reason: null,
      writtenAt: this.#dependencies.now(),
      position: this.#nextPosition(),
    };
    this.#setEntries([...this.#without(clientMessageId), retried]);
    this.#saveThenSend(retried);
  }

  /** Deletes a failed entry. */
  discard(clientMessageId: string) {
    if (this.#find(clientMessageId)?.state !== "failed") return;
    this.#removeEntry(clientMessageId);
    this.#dependencies.broadcast({ kind: "changed" });
  }

  /** The message arrived by the live connection or another tab, so it need not be sent any more. */
  confirm(message: Pick<Message, "client_message_id" | "creator">) {
    if (message.creator.id !== this.#dependencies.userId) return;
    if (this.#find(message.client_message_id)) this.#removeEntry(message.client_message_id);
  }

  /** The network may be back: ends all retry delays. */
  wake() {
    for (const entry of this.#entries) {
      if (this.#memoryOnly.has(entry.clientMessageId)) this.#saveThenSend(entry);
    }
    for (const attempts of this.#sendingRooms.values()) attempts.wake?.();
    this.#sendEverything();
  }

  /** Handles a message from another tab. */
  async receive(message: TabMessage) {
    if (message.kind === "sent") {
      this.#dependencies.onDelivered(message.message);
      this.confirm(message.message);
      return;
    }
    await this.#reload();
    this.#sendEverything();
  }

  async #saveThenSend(entry: OutboxEntry) {
    this.#unsaved.add(entry.clientMessageId);
    try {
      await this.#dependencies.store.put(entry);
      this.#unsaved.delete(entry.clientMessageId);
      this.#memoryOnly.delete(entry.clientMessageId);
    } catch (error) {
      console.warn("Failed to save a message; it is kept in this tab until it is sent.", error);
      if (this.#find(entry.clientMessageId)) this.#memoryOnly.add(entry.clientMessageId);
    }
    this.#setEntries(this.#entries);
    // Confirmed by the live connection while it was being saved: remove it again.
    if (this.#settled.has(entry.clientMessageId)) {
      await this.#removeFromStore(entry.clientMessageId);
      return;
    }
    this.#dependencies.broadcast({ kind: "changed" });
    this.#send(entry.roomId);
  }

  #sendEverything() {
    for (const roomId of new Set(this.#entries.map((entry) => entry.roomId))) this.#send(roomId);
  }

  /** Sends a room's entries one after the other. Does nothing if that is running already. */
  async #send(roomId: number) {
    if (this.#stopped || this.#sendingRooms.has(roomId)) return;
    const attempts: RetryState = { attempts: 0, serverErrors: 0, wake: null };
    this.#sendingRooms.set(roomId, attempts);
    try {
      while (!this.#stopped && this.#next(roomId)) {
        const pause = await this.#attempt(roomId, attempts);
        if (pause === "stop") return;
        // The lock is released during the delay, so that a tab with throttled timers does not block
        // the others.
        if (pause > 0) await this.#pause(pause, attempts);
      }
    } finally {
      this.#sendingRooms.delete(roomId);
    }
  }

  /** Sends the next entry once. Returns the delay before the next attempt, in milliseconds. */
  async #attempt(roomId: number, attempts: RetryState): Promise<number | "stop"> {
    let pause: number | "stop" = 0;
    await this.#dependencies.withLock(
      `campfire-outbox-${this.#dependencies.userId}-${roomId}`,
      async () => {
        const entry = await this.#nextStillWaiting(roomId);
        if (!entry || this.#stopped) return;
        pause = await this.#settle(entry, await this.#dependencies.deliver(entry), attempts);
      },
    );
    return pause;
  }

  async #settle(
    entry: OutboxEntry,
    outcome: DeliveryOutcome,
    attempts: RetryState,
  ): Promise<number | "stop"> {
    if (outcome.kind === "signed_out") return "stop";
    if (outcome.kind === "retry") {
      attempts.attempts += 1;
      attempts.serverErrors += outcome.isServerError ? 1 : 0;
      if (attempts.serverErrors < maxServerErrors)
        return this.#retryDelay(attempts.attempts, outcome.retryAfter);
    }
    attempts.attempts = 0;
    attempts.serverErrors = 0;
    if (outcome.kind === "sent") {
      this.#dependencies.onDelivered(outcome.message);
      await this.#removeEntry(entry.clientMessageId);
      this.#dependencies.broadcast({ kind: "sent", message: outcome.message });
    } else {
      await this.#fail(entry, outcome.kind === "refused" ? outcome.reason : strings.outbox.refused);
    }
    return 0;
  }

  async #fail(entry: OutboxEntry, reason: string) {
    // Confirmed in the meantime: the server has the message, regardless of this response.
    if (!this.#find(entry.clientMessageId)) return;
    const failed: OutboxEntry = { ...entry, state: "failed", reason };
    this.#setEntries(
      this.#entries.map((other) =>
        other.clientMessageId === entry.clientMessageId ? failed : other,
      ),
    );
    try {
      await this.#dependencies.store.put(failed);
    } catch (error) {
      console.warn("Failed to save that a message was rejected.", error);
    }
    this.#dependencies.broadcast({ kind: "changed" });
  }

  #retryDelay(attempt: number, retryAfter: number | null): number {
    const doubled = Math.min(minRetryDelay * 2 ** (attempt - 1), maxRetryDelay);
    const spread = doubled * (0.75 + this.#dependencies.random() / 2);
    return Math.max(spread, (retryAfter ?? 0) * 1_000);
  }

  #pause(milliseconds: number, attempts: RetryState): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        attempts.wake = null;
        cancel();
        resolve();
      };
      const cancel = this.#dependencies.schedule(milliseconds, done);
      attempts.wake = done;
    });
  }

  /**
   * The next entry that is still waiting in the store; another tab may have handled some of them.
   */
  async #nextStillWaiting(roomId: number): Promise<OutboxEntry | undefined> {
    for (let entry = this.#next(roomId); entry; entry = this.#next(roomId)) {
      if (this.#unsaved.has(entry.clientMessageId)) return entry;
      // If the store fails, the entry is sent anyway: the server stores it once.
      const stored = await this.#dependencies.store.get(entry.clientMessageId).catch(() => entry);
      if (stored?.state === "waiting") return entry;
      if (this.#find(entry.clientMessageId) !== entry) continue;
      // The store was emptied and is being refilled: no other tab has handled this entry.
      if (this.#unsaved.has(entry.clientMessageId)) return entry;
      if (!stored) this.#setEntries(this.#without(entry.clientMessageId));
      else this.#setEntries(this.#entries.map((other) => (other === entry ? stored : other)));
    }
    return undefined;
  }

  #next(roomId: number): OutboxEntry | undefined {
    return this.#entries.find((entry) => entry.roomId === roomId && entry.state === "waiting");
  }

  #find(clientMessageId: string): OutboxEntry | undefined {
    return this.#entries.find((entry) => entry.clientMessageId === clientMessageId);
  }

  #without(clientMessageId: string): OutboxEntry[] {
    return this.#entries.filter((entry) => entry.clientMessageId !== clientMessageId);
  }

  /**
   * Based on the clock, so that tabs agree without coordination, and always after the last known
   * entry.
   */
  #nextPosition(): number {
    const last = this.#entries.at(-1)?.position ?? 0;
    return Math.max(this.#dependencies.now(), last + 1);
  }

  async #removeEntry(clientMessageId: string) {
    this.#settled.add(clientMessageId);
    this.#unsaved.delete(clientMessageId);
    this.#memoryOnly.delete(clientMessageId);
    for (const oldest of this.#settled) {
      if (this.#settled.size <= maxEntries) break;
      this.#settled.delete(oldest);
    }
    this.#setEntries(this.#without(clientMessageId));
    await this.#removeFromStore(clientMessageId);
  }

  async #removeFromStore(clientMessageId: string) {
    try {
      await this.#dependencies.store.remove(clientMessageId);
    } catch (error) {
      // The next visit sends it again, and the server responds with the stored message.
      console.warn(
        "Failed to remove a sent message from the outbox; the next visit sends it again.",
        error,
      );
    }
  }

  async #reload() {
    const stored = await this.#dependencies.store.all(this.#dependencies.userId).catch((error) => {
      console.warn("Failed to read the unsent messages of this device.", error);
      return this.#entries;
    });
    const own = this.#entries.filter((entry) => this.#unsaved.has(entry.clientMessageId));
    const others = stored.filter(
      ({ clientMessageId }) =>
        !this.#settled.has(clientMessageId) && !this.#unsaved.has(clientMessageId),
    );
    this.#setEntries([...others, ...own].sort((a, b) => a.position - b.position));
  }

  #setEntries(entries: readonly OutboxEntry[]) {
    this.#entries = entries;
    for (const listener of this.#listeners) listener();
  }
}

import type { Message } from "../api/types";
import { strings } from "../strings";
import type { DeliveryOutcome } from "./delivery";
import { newClientMessageId, type OutboxEntry } from "./entry";
import type { OutboxStore } from "./store";

/** How many messages one person may have waiting on one device: enough for a long train ride. */
export const maxEntries = 500;

/** The first pause after a failed attempt, and the longest one, in milliseconds. Each doubles the last. */
const minRetryDelay = 1_000;
const maxRetryDelay = 30_000;

/** After so many answers "internal error" an entry is given up, or it would hold up its room for ever. */
const maxServerErrors = 6;

/** What other tabs of the same person are told. */
export type TabMessage = { kind: "changed" } | { kind: "sent"; message: Message };

export interface OutboxDependencies {
  userId: number;
  store: OutboxStore;
  deliver(entry: OutboxEntry): Promise<DeliveryOutcome>;
  /** Runs `work` while no other tab does the same under this name. */
  withLock(name: string, work: () => Promise<void>): Promise<void>;
  /** Tells the other tabs. */
  broadcast(news: TabMessage): void;
  /** A message was stored by the server, whichever tab sent it. */
  onDelivered(message: Message): void;
  now(): number;
  /** Calls back after so many milliseconds; returns how to cancel. */
  schedule(milliseconds: number, then: () => void): () => void;
  /** From 0 to 1: spreads the retries of many clients. */
  random(): number;
}

interface RetryState {
  attempts: number;
  serverErrors: number;
  /** Ends the current pause. */
  wake: (() => void) | null;
}

/**
 * Holds what a person wrote until the server has acknowledged it: stored before it is sent, sent in
 * order per room and one at a time, kept over closed tabs and dead networks, shown never twice.
 */
export class Outbox {
  readonly #dependencies: OutboxDependencies;
  readonly #listeners = new Set<() => void>();
  readonly #sendingRooms = new Map<number, RetryState>();
  /** Not in the store (yet): being written, or the store would not take them. */
  readonly #unsaved = new Set<string>();
  /** Of these, those that the store would not take. */
  readonly #memoryOnly = new Set<string>();
  /** Settled here while a write to the store may still be on its way. */
  readonly #settled = new Set<string>();
  #entries: readonly OutboxEntry[] = [];
  #stopped = false;

  constructor(around: OutboxDependencies) {
    this.#dependencies = around;
    around.store.onLost(() => {
      for (const entry of this.#entries) this.#saveThenSend(entry);
    });
  }

  /** Everything that is still to be sent or failed, in order. A new array whenever something changed. */
  get entries(): readonly OutboxEntry[] {
    return this.#entries;
  }

  /** Whether something of it lives in this tab only: whoever closes it loses that. */
  get hasMemoryOnlyEntries(): boolean {
    if (!this.#dependencies.store.isPersistent) return this.#entries.length > 0;
    return this.#memoryOnly.size > 0;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes up what earlier visits left. */
  async start() {
    await this.#reload();
    this.#sendEverything();
  }

  stop() {
    this.#stopped = true;
    for (const attempts of this.#sendingRooms.values()) attempts.wake?.();
  }

  /**
   * Accepts a message: its words, and its HTML if it has formatting. Returns the sentence to show when there is no
   * room for more, otherwise null.
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

  /** Sends a failed entry again, after everything that waits. */
  retry(clientMessageId: string) {
    const entry = this.#find(clientMessageId);
    if (entry?.state !== "failed") return;
    const again: OutboxEntry = {
      ...entry,
      state: "waiting",
      reason: null,
      writtenAt: this.#dependencies.now(),
      position: this.#nextPosition(),
    };
    this.#setEntries([...this.#without(clientMessageId), again]);
    this.#saveThenSend(again);
  }

  /** Forgets a failed entry. */
  discard(clientMessageId: string) {
    if (this.#find(clientMessageId)?.state !== "failed") return;
    this.#removeEntry(clientMessageId);
    this.#dependencies.broadcast({ kind: "changed" });
  }

  /** The live connection or another tab brought this message: it needs no sending any more. */
  confirm(message: Pick<Message, "client_message_id" | "creator">) {
    if (message.creator.id !== this.#dependencies.userId) return;
    if (this.#find(message.client_message_id)) this.#removeEntry(message.client_message_id);
  }

  /** The network may be back: ends all pauses. */
  wake() {
    for (const entry of this.#entries) {
      if (this.#memoryOnly.has(entry.clientMessageId)) this.#saveThenSend(entry);
    }
    for (const attempts of this.#sendingRooms.values()) attempts.wake?.();
    this.#sendEverything();
  }

  /** Another tab changed something. */
  async receive(news: TabMessage) {
    if (news.kind === "sent") {
      this.#dependencies.onDelivered(news.message);
      this.confirm(news.message);
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
      console.warn("A message is only kept in this tab until it is sent.", error);
      if (this.#find(entry.clientMessageId)) this.#memoryOnly.add(entry.clientMessageId);
    }
    this.#setEntries(this.#entries);
    // Confirmed by the live connection while it was being written: take it out again.
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

  /** Works a room's entries off; a second call while the first is at it changes nothing. */
  async #send(roomId: number) {
    if (this.#stopped || this.#sendingRooms.has(roomId)) return;
    const attempts: RetryState = { attempts: 0, serverErrors: 0, wake: null };
    this.#sendingRooms.set(roomId, attempts);
    try {
      while (!this.#stopped && this.#next(roomId)) {
        const pause = await this.#attempt(roomId, attempts);
        if (pause === "stop") return;
        // The lock is not held while pausing: a tab whose timers run slower must not hold up the others.
        if (pause > 0) await this.#pause(pause, attempts);
      }
    } finally {
      this.#sendingRooms.delete(roomId);
    }
  }

  /** Sends the next entry once. Returns how long to wait before the one after, in milliseconds. */
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
    if (outcome.kind === "later") {
      attempts.attempts += 1;
      attempts.serverErrors += outcome.broken ? 1 : 0;
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
    // Confirmed meanwhile: the server has it, whatever this answer said.
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
      console.warn("A failed message could not be noted as such.", error);
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

  /** The next entry that the store still has as waiting: another tab may have settled some meanwhile. */
  async #nextStillWaiting(roomId: number): Promise<OutboxEntry | undefined> {
    for (let entry = this.#next(roomId); entry; entry = this.#next(roomId)) {
      if (this.#unsaved.has(entry.clientMessageId)) return entry;
      // When the store breaks, it is sent all the same: the server keeps it once.
      const kept = await this.#dependencies.store.get(entry.clientMessageId).catch(() => entry);
      if (kept?.state === "waiting") return entry;
      if (this.#find(entry.clientMessageId) !== entry) continue;
      // The store was emptied, and is only being filled again: nobody has settled this one.
      if (this.#unsaved.has(entry.clientMessageId)) return entry;
      if (!kept) this.#setEntries(this.#without(entry.clientMessageId));
      else this.#setEntries(this.#entries.map((other) => (other === entry ? kept : other)));
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

  /** By the clock, so that tabs agree without asking, and always after what this tab knows. */
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
      // Sent once more on the next visit, and answered with the message that is there already.
      console.warn("A sent message stays in the outbox until the next visit.", error);
    }
  }

  async #reload() {
    const kept = await this.#dependencies.store.all(this.#dependencies.userId).catch((error) => {
      console.warn("What waited to be sent cannot be read on this device.", error);
      return this.#entries;
    });
    const own = this.#entries.filter((entry) => this.#unsaved.has(entry.clientMessageId));
    const others = kept.filter(
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

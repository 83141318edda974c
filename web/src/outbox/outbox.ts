import type { Message } from "../api/types";
import { words } from "../strings";
import type { Outcome } from "./delivery";
import { type Entry, newClientMessageId } from "./entry";
import type { OutboxStore } from "./store";

/** How many messages one person may have waiting on one device: enough for a long train ride. */
export const capacity = 500;

/** The first pause after a failed attempt, and the longest one, in milliseconds. Each doubles the last. */
const shortestPause = 1_000;
const longestPause = 30_000;

/** After so many answers "internal error" an entry is given up, or it would hold up its room for ever. */
const brokenAttempts = 6;

/** What other tabs of the same person are told. */
export type News = { kind: "changed" } | { kind: "sent"; message: Message };

export interface Surroundings {
  userId: number;
  store: OutboxStore;
  deliver(entry: Entry): Promise<Outcome>;
  /** Runs `work` while no other tab does the same under this name. */
  alone(name: string, work: () => Promise<void>): Promise<void>;
  /** Tells the other tabs. */
  tell(news: News): void;
  /** A message was stored by the server, whichever tab sent it. */
  arrived(message: Message): void;
  now(): number;
  /** Calls back after so many milliseconds; returns how to cancel. */
  after(milliseconds: number, then: () => void): () => void;
  /** From 0 to 1: spreads the retries of many clients. */
  chance(): number;
}

interface Attempts {
  count: number;
  broken: number;
  /** Ends the current pause. */
  wake: (() => void) | null;
}

/**
 * Holds what a person wrote until the server has acknowledged it: stored before it is sent, sent in
 * order per room and one at a time, kept over closed tabs and dead networks, shown never twice.
 */
export class Outbox {
  readonly #around: Surroundings;
  readonly #listeners = new Set<() => void>();
  readonly #rooms = new Map<number, Attempts>();
  /** Not in the store (yet): being written, or the store would not take them. */
  readonly #unkept = new Set<string>();
  /** Of these, those that the store would not take. */
  readonly #homeless = new Set<string>();
  /** Settled here while a write to the store may still be on its way. */
  readonly #settled = new Set<string>();
  #entries: readonly Entry[] = [];
  #stopped = false;

  constructor(around: Surroundings) {
    this.#around = around;
    around.store.onLost(() => {
      for (const entry of this.#entries) this.#keepThenSend(entry);
    });
  }

  /** Everything that is still to be sent or failed, in order. A new array whenever something changed. */
  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Whether something of it lives in this tab only: whoever closes it loses that. */
  get isFragile(): boolean {
    if (!this.#around.store.isLasting) return this.#entries.length > 0;
    return this.#homeless.size > 0;
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
    for (const attempts of this.#rooms.values()) attempts.wake?.();
  }

  /**
   * Accepts a message: its words, and its HTML if it has formatting. Returns the sentence to show when there is no
   * room for more, otherwise null.
   */
  submit(roomId: number, text: string, html?: string): string | null {
    if (this.#entries.length >= capacity) return words.composer.full;
    const entry: Entry = {
      clientMessageId: newClientMessageId(),
      userId: this.#around.userId,
      roomId,
      text,
      ...(html === undefined ? {} : { html }),
      writtenAt: this.#around.now(),
      position: this.#nextPosition(),
      state: "waiting",
      reason: null,
    };
    this.#show([...this.#entries, entry]);
    this.#keepThenSend(entry);
    return null;
  }

  /** Sends a failed entry again, after everything that waits. */
  retry(clientMessageId: string) {
    const entry = this.#find(clientMessageId);
    if (entry?.state !== "failed") return;
    const again: Entry = {
      ...entry,
      state: "waiting",
      reason: null,
      writtenAt: this.#around.now(),
      position: this.#nextPosition(),
    };
    this.#show([...this.#without(clientMessageId), again]);
    this.#keepThenSend(again);
  }

  /** Forgets a failed entry. */
  discard(clientMessageId: string) {
    if (this.#find(clientMessageId)?.state !== "failed") return;
    this.#forget(clientMessageId);
    this.#around.tell({ kind: "changed" });
  }

  /** The live connection or another tab brought this message: it needs no sending any more. */
  confirm(message: Pick<Message, "client_message_id" | "creator">) {
    if (message.creator.id !== this.#around.userId) return;
    if (this.#find(message.client_message_id)) this.#forget(message.client_message_id);
  }

  /** The network may be back: ends all pauses. */
  wake() {
    for (const entry of this.#entries) {
      if (this.#homeless.has(entry.clientMessageId)) this.#keepThenSend(entry);
    }
    for (const attempts of this.#rooms.values()) attempts.wake?.();
    this.#sendEverything();
  }

  /** Another tab changed something. */
  async hear(news: News) {
    if (news.kind === "sent") {
      this.#around.arrived(news.message);
      this.confirm(news.message);
      return;
    }
    await this.#reload();
    this.#sendEverything();
  }

  async #keepThenSend(entry: Entry) {
    this.#unkept.add(entry.clientMessageId);
    try {
      await this.#around.store.put(entry);
      this.#unkept.delete(entry.clientMessageId);
      this.#homeless.delete(entry.clientMessageId);
    } catch (error) {
      console.warn("A message is only kept in this tab until it is sent.", error);
      if (this.#find(entry.clientMessageId)) this.#homeless.add(entry.clientMessageId);
    }
    this.#show(this.#entries);
    // Confirmed by the live connection while it was being written: take it out again.
    if (this.#settled.has(entry.clientMessageId)) {
      await this.#removeFromStore(entry.clientMessageId);
      return;
    }
    this.#around.tell({ kind: "changed" });
    this.#send(entry.roomId);
  }

  #sendEverything() {
    for (const roomId of new Set(this.#entries.map((entry) => entry.roomId))) this.#send(roomId);
  }

  /** Works a room's entries off; a second call while the first is at it changes nothing. */
  async #send(roomId: number) {
    if (this.#stopped || this.#rooms.has(roomId)) return;
    const attempts: Attempts = { count: 0, broken: 0, wake: null };
    this.#rooms.set(roomId, attempts);
    try {
      while (!this.#stopped && this.#next(roomId)) {
        const pause = await this.#attempt(roomId, attempts);
        if (pause === "stop") return;
        // The lock is not held while pausing: a tab whose timers run slower must not hold up the others.
        if (pause > 0) await this.#pause(pause, attempts);
      }
    } finally {
      this.#rooms.delete(roomId);
    }
  }

  /** Sends the next entry once. Returns how long to wait before the one after, in milliseconds. */
  async #attempt(roomId: number, attempts: Attempts): Promise<number | "stop"> {
    let pause: number | "stop" = 0;
    await this.#around.alone(`campfire-outbox-${this.#around.userId}-${roomId}`, async () => {
      const entry = await this.#nextStillWaiting(roomId);
      if (!entry || this.#stopped) return;
      pause = await this.#settle(entry, await this.#around.deliver(entry), attempts);
    });
    return pause;
  }

  async #settle(entry: Entry, outcome: Outcome, attempts: Attempts): Promise<number | "stop"> {
    if (outcome.kind === "signed_out") return "stop";
    if (outcome.kind === "later") {
      attempts.count += 1;
      attempts.broken += outcome.broken ? 1 : 0;
      if (attempts.broken < brokenAttempts)
        return this.#pauseFor(attempts.count, outcome.retryAfter);
    }
    attempts.count = 0;
    attempts.broken = 0;
    if (outcome.kind === "sent") {
      this.#around.arrived(outcome.message);
      await this.#forget(entry.clientMessageId);
      this.#around.tell({ kind: "sent", message: outcome.message });
    } else {
      await this.#fail(entry, outcome.kind === "refused" ? outcome.reason : words.outbox.refused);
    }
    return 0;
  }

  async #fail(entry: Entry, reason: string) {
    // Confirmed meanwhile: the server has it, whatever this answer said.
    if (!this.#find(entry.clientMessageId)) return;
    const failed: Entry = { ...entry, state: "failed", reason };
    this.#show(
      this.#entries.map((other) =>
        other.clientMessageId === entry.clientMessageId ? failed : other,
      ),
    );
    try {
      await this.#around.store.put(failed);
    } catch (error) {
      console.warn("A failed message could not be noted as such.", error);
    }
    this.#around.tell({ kind: "changed" });
  }

  #pauseFor(attempt: number, retryAfter: number | null): number {
    const doubled = Math.min(shortestPause * 2 ** (attempt - 1), longestPause);
    const spread = doubled * (0.75 + this.#around.chance() / 2);
    return Math.max(spread, (retryAfter ?? 0) * 1_000);
  }

  #pause(milliseconds: number, attempts: Attempts): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        attempts.wake = null;
        cancel();
        resolve();
      };
      const cancel = this.#around.after(milliseconds, done);
      attempts.wake = done;
    });
  }

  /** The next entry that the store still has as waiting: another tab may have settled some meanwhile. */
  async #nextStillWaiting(roomId: number): Promise<Entry | undefined> {
    for (let entry = this.#next(roomId); entry; entry = this.#next(roomId)) {
      if (this.#unkept.has(entry.clientMessageId)) return entry;
      // When the store breaks, it is sent all the same: the server keeps it once.
      const kept = await this.#around.store.get(entry.clientMessageId).catch(() => entry);
      if (kept?.state === "waiting") return entry;
      if (this.#find(entry.clientMessageId) !== entry) continue;
      // The store was emptied, and is only being filled again: nobody has settled this one.
      if (this.#unkept.has(entry.clientMessageId)) return entry;
      if (!kept) this.#show(this.#without(entry.clientMessageId));
      else this.#show(this.#entries.map((other) => (other === entry ? kept : other)));
    }
    return undefined;
  }

  #next(roomId: number): Entry | undefined {
    return this.#entries.find((entry) => entry.roomId === roomId && entry.state === "waiting");
  }

  #find(clientMessageId: string): Entry | undefined {
    return this.#entries.find((entry) => entry.clientMessageId === clientMessageId);
  }

  #without(clientMessageId: string): Entry[] {
    return this.#entries.filter((entry) => entry.clientMessageId !== clientMessageId);
  }

  /** By the clock, so that tabs agree without asking, and always after what this tab knows. */
  #nextPosition(): number {
    const last = this.#entries.at(-1)?.position ?? 0;
    return Math.max(this.#around.now(), last + 1);
  }

  async #forget(clientMessageId: string) {
    this.#settled.add(clientMessageId);
    this.#unkept.delete(clientMessageId);
    this.#homeless.delete(clientMessageId);
    for (const oldest of this.#settled) {
      if (this.#settled.size <= capacity) break;
      this.#settled.delete(oldest);
    }
    this.#show(this.#without(clientMessageId));
    await this.#removeFromStore(clientMessageId);
  }

  async #removeFromStore(clientMessageId: string) {
    try {
      await this.#around.store.remove(clientMessageId);
    } catch (error) {
      // Sent once more on the next visit, and answered with the message that is there already.
      console.warn("A sent message stays in the outbox until the next visit.", error);
    }
  }

  async #reload() {
    const kept = await this.#around.store.all(this.#around.userId).catch((error) => {
      console.warn("What waited to be sent cannot be read on this device.", error);
      return this.#entries;
    });
    const own = this.#entries.filter((entry) => this.#unkept.has(entry.clientMessageId));
    const others = kept.filter(
      ({ clientMessageId }) =>
        !this.#settled.has(clientMessageId) && !this.#unkept.has(clientMessageId),
    );
    this.#show([...others, ...own].sort((a, b) => a.position - b.position));
  }

  #show(entries: readonly Entry[]) {
    this.#entries = entries;
    for (const listener of this.#listeners) listener();
  }
}

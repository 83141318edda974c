// Sends what people write, in the order they wrote it, exactly once, however long it takes.
import { ApiError, type Message } from '../api/client';
import type { Entry, store } from './store';

/** How an entry is sent; answers what the server stored. */
export type Send = (entry: Entry) => Promise<Message>;

/** What the outbox needs to know of its surroundings; tests own them. */
export interface Surroundings {
  send: Send;
  sent: (message: Message) => void;
  store: typeof store;
  /** Runs one at a time among all tabs of this browser. */
  exclusively: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  later: (work: () => void, milliseconds: number) => void;
}

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

export class Outbox {
  private entries: Entry[] = [];
  private listeners = new Set<() => void>();
  private busy = new Set<number>();
  private unsaved = new Set<string>();
  private pause = FIRST_PAUSE;
  private user: number | undefined;
  private world: Surroundings | undefined;
  private sequence = Date.now();

  /** Begins with what an earlier page left behind for this person. */
  async open(user: number, world: Surroundings): Promise<void> {
    this.user = user;
    this.world = world;
    await this.reload();
    this.flush();
  }

  /** Nobody is signed in; what waits stays for its author. */
  close(): void {
    this.user = undefined;
    this.set([]);
  }

  /** Reads the disk anew: another tab may have sent or written something. */
  async reload(): Promise<void> {
    const all = (await this.world?.store.all()) ?? [];
    this.set(all.filter((entry) => entry.user === this.user).sort((a, b) => a.sequence - b.sequence));
  }

  /** Keeps a message and sends it as soon as possible. It is on disk before it is sent. */
  async add(room: number, text: string): Promise<void> {
    if (this.user === undefined || !this.world) return;
    this.sequence = Math.max(this.sequence + 1, Date.now());
    const at = new Date().toISOString();
    const entry: Entry = { id: crypto.randomUUID(), user: this.user, room, text, at, sequence: this.sequence };
    try {
      await this.world.store.put(entry);
    } catch {
      // No disk to be had (a private window, say): it lives as long as this page.
      this.unsaved.add(entry.id);
    }
    this.set([...this.entries, entry]);
    this.flush();
  }

  /** The author wants a refused message to be tried again. */
  async retry(id: string): Promise<void> {
    const entry = this.entries.find((entry) => entry.id === id);
    if (!entry || !this.world) return;
    const { refused: _, ...again } = entry;
    this.set(this.entries.map((known) => (known.id === id ? again : known)));
    await this.world.store.put(again);
    this.flush();
  }

  /** The author does not want it any more. */
  async discard(id: string): Promise<void> {
    this.set(this.entries.filter((entry) => entry.id !== id));
    await this.world?.store.remove(id);
  }

  /** The server has it. */
  settled(id: string): void {
    if (this.entries.some((entry) => entry.id === id)) void this.discard(id);
  }

  /** Tries everything now: the network may be back. */
  flush(): void {
    for (const room of new Set(this.entries.map((entry) => entry.room))) void this.drain(room);
  }

  of(room: number): Entry[] {
    return this.entries.filter((entry) => entry.room === room);
  }

  snapshot = (): Entry[] => this.entries;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private set(entries: Entry[]): void {
    this.entries = entries;
    for (const listener of this.listeners) listener();
  }

  /** One room's messages, strictly one after the other: a later one must never overtake. */
  private async drain(room: number): Promise<void> {
    const world = this.world;
    if (!world || this.busy.has(room)) return;
    this.busy.add(room);
    try {
      for (let next = this.next(room); next; next = this.next(room)) {
        const entry = next;
        await world.exclusively(`campfire-outbox-${room}`, () => this.deliver(entry, world));
      }
      this.pause = FIRST_PAUSE;
    } catch {
      world.later(() => void this.drain(room), this.pause);
      this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
    } finally {
      this.busy.delete(room);
    }
  }

  private next(room: number): Entry | undefined {
    return this.entries.find((entry) => entry.room === room && !entry.refused);
  }

  private async deliver(entry: Entry, world: Surroundings): Promise<void> {
    // Another tab may have sent it while this one waited for its turn.
    if (!this.unsaved.has(entry.id) && !(await world.store.has(entry.id))) {
      this.set(this.entries.filter((known) => known.id !== entry.id));
      return;
    }
    try {
      const message = await world.send(entry);
      world.sent(message);
      await this.discard(entry.id);
    } catch (error) {
      if (!(error instanceof ApiError) || error.passing || error.status === 401) throw error;
      const refused = { ...entry, refused: error.message };
      this.set(this.entries.map((known) => (known.id === entry.id ? refused : known)));
      await world.store.put(refused);
    }
  }
}

export const outbox = new Outbox();

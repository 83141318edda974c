import type { QueryClient } from "@tanstack/react-query";
import { statusOf } from "../api/problem";
import type { Message } from "../api/types";
import type { RoomEvent } from "../cable/channels";
import { fetchPage } from "./pages";
import {
  cutNewest,
  cutOldest,
  type MessageWindow,
  newestWindow,
  patched,
  windowAround,
  withNewer,
  withOlder,
} from "./window";

/** Events remembered while a page is on its way; with more, the page is fetched again instead. */
const rememberedEvents = 500;

export const windowsKey = ["messages"] as const;
export const windowKey = (roomId: number) => [...windowsKey, roomId] as const;

type Join = (window: MessageWindow, page: readonly Message[]) => MessageWindow;

/** The message to open a room at, or its newest end. */
export type Place = number | "newest";

/**
 * Keeps one room's window in the query cache true to the server: pages and live events meet here. An
 * event that arrives while a page is on its way is applied to that page again, because the page may
 * have been read before the event happened.
 */
export class RoomFeed {
  readonly #cache: QueryClient;
  readonly #roomId: number;
  #place: Place = "newest";
  #pagesOnTheirWay = 0;
  #meanwhile: RoomEvent[] = [];
  readonly #jumpListeners = new Set<() => void>();
  /** Counts the windows that replaced one another, so that a late page does not join the wrong one. */
  #generation = 0;
  /** Whether the reader stands at the end: then the oldest messages go when there are too many. */
  readsEnd = true;
  /** The message at the top of what the reader sees: where to come back to after a break. */
  topMessageId: number | null = null;

  constructor(cache: QueryClient, roomId: number) {
    this.#cache = cache;
    this.#roomId = roomId;
  }

  get window(): MessageWindow | undefined {
    return this.#cache.getQueryData<MessageWindow>(windowKey(this.#roomId));
  }

  /** Loads a new window; the query of the room calls this. */
  async load(signal: AbortSignal): Promise<MessageWindow> {
    this.#generation += 1;
    return this.#whileListening(async (missed) => {
      const window = await this.#fetchWindow(signal);
      const events = missed();
      return events ? events.reduce(patched, window) : await this.#fetchWindow(signal);
    });
  }

  /** Opens the room at a message or at its end, without asking the server if that is on the page. */
  async open(place: Place) {
    this.#place = place;
    this.readsEnd = place === "newest";
    this.topMessageId = null;
    const { window } = this;
    if (!window) return;
    const isThere =
      place === "newest" ? window.atEnd : window.messages.some(({ id }) => id === place);
    if (!isThere) await this.#refetch();
  }

  /** Goes to the end, where new messages come in. */
  async jumpToNewest() {
    await this.open("newest");
    for (const listener of this.#jumpListeners) listener();
  }

  /** Calls `listener` when the end is there and the reader wants to see it. */
  onJump(listener: () => void): () => void {
    this.#jumpListeners.add(listener);
    return () => this.#jumpListeners.delete(listener);
  }

  /** Fetches what the reader sees again, after a break that nobody can replay. */
  async refresh() {
    this.#place = this.readsEnd ? "newest" : (this.topMessageId ?? "newest");
    await this.#refetch();
  }

  async loadOlder() {
    const first = this.window?.messages[0];
    if (!first || this.window?.atStart) return;
    await this.#extend({ before: first.id }, withOlder);
  }

  async loadNewer() {
    const last = this.window?.messages.at(-1);
    if (!last || this.window?.atEnd) return;
    await this.#extend({ after: last.id }, withNewer);
  }

  receive(event: RoomEvent) {
    const listens = this.#pagesOnTheirWay > 0 && this.#meanwhile.length < rememberedEvents;
    if (listens) this.#meanwhile.push(event);
    this.#change((window) => this.#cut(patched(window, event)));
  }

  #change(change: (window: MessageWindow) => MessageWindow) {
    this.#cache.setQueryData<MessageWindow>(
      windowKey(this.#roomId),
      (window) => window && change(window),
    );
  }

  #cut(window: MessageWindow): MessageWindow {
    return this.readsEnd ? cutOldest(window) : cutNewest(window);
  }

  async #refetch() {
    await this.#cache.refetchQueries({ queryKey: windowKey(this.#roomId), exact: true });
  }

  async #fetchWindow(signal: AbortSignal): Promise<MessageWindow> {
    const place = this.#place;
    if (place === "newest") return newestWindow(await fetchPage(this.#roomId, {}, signal));
    try {
      return windowAround(await fetchPage(this.#roomId, { around: place }, signal), place);
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
      // The message is gone (or the room, which the next request tells).
      this.#place = "newest";
      return newestWindow(await fetchPage(this.#roomId, {}, signal));
    }
  }

  async #extend(cursor: { before: number } | { after: number }, join: Join) {
    const generation = this.#generation;
    try {
      await this.#whileListening(async (missed) => {
        const page = await fetchPage(this.#roomId, cursor);
        const events = missed();
        // Too much happened: the edge of the list is still in view and asks again.
        if (generation !== this.#generation || !events) return;
        this.#change((window) => events.reduce(patched, join(window, page)));
      });
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
      // The message at the edge was deleted under our hands: start over from what the reader sees.
      await this.refresh();
    }
  }

  /**
   * Runs `work` and lets it ask for the events that came since it began; null if there were more than
   * anybody remembered.
   */
  async #whileListening<Result>(
    work: (missed: () => RoomEvent[] | null) => Promise<Result>,
  ): Promise<Result> {
    const from = this.#meanwhile.length;
    this.#pagesOnTheirWay += 1;
    try {
      return await work(() =>
        this.#meanwhile.length < rememberedEvents ? this.#meanwhile.slice(from) : null,
      );
    } finally {
      this.#pagesOnTheirWay -= 1;
      if (this.#pagesOnTheirWay === 0) this.#meanwhile = [];
    }
  }
}

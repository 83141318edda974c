import type { QueryClient } from "@tanstack/react-query";
import { statusOf } from "../api/problem";
import type { Message } from "../api/types";
import type { RoomEvent } from "../cable/channels";
import { withCachedFallback } from "../offline/read-fallback";
import { fetchPage } from "./fetch-page";
import {
  applyEvent,
  compareMessages,
  cutNewest,
  cutOldest,
  type MessageWindow,
  newestWindow,
  windowAround,
  withNewer,
  withOlder,
} from "./window";

/** How many deleted ids are kept, so that a late response does not bring a message back. */
const maxRemovedIds = 200;

/**
 * How many events are kept while a page is loading; with more, the page is loaded again instead.
 */
const maxRecentEvents = 500;

export const allWindowsKey = ["messages"] as const;
export const windowKey = (roomId: number) => [...allWindowsKey, roomId] as const;

type Join = (window: MessageWindow, page: readonly Message[]) => MessageWindow;

/** The id of the message to open the room at, or its newest end. */
export type ScrollTarget = number | "newest";

/** The scroll position of a reader who is not at the end. */
export interface ScrollPosition {
  readonly messageId: number;
  /** The distance of this message from the top of the list, in CSS pixels. */
  readonly top: number;
}

type MessageListener = (message: Message) => void;

/**
 * Keeps the cached message window of one room consistent with the server: pages and live events
 * meet here. An event that arrives while a page is loading is applied again to that page, because
 * the server may have read the page before the event.
 */
export class RoomFeed {
  readonly #cache: QueryClient;
  readonly #roomId: number;
  #target: ScrollTarget = "newest";
  #pendingPages = 0;
  #recentEvents: RoomEvent[] = [];
  readonly #jumpListeners = new Set<() => void>();
  readonly #newMessageListeners = new Set<MessageListener>();
  readonly #missingListeners = new Set<() => void>();
  /** The message that a link points to, until it is loaded or known to be missing. */
  #linkedMessageId: number | null = null;
  readonly #removedIds = new Set<number>();
  /** The newest message so far. A message after it is new; one before it was restored. */
  #latest: Message | null = null;
  /** Counts reloads of the window, so that a late page is not joined to a newer window. */
  #generation = 0;
  /** The scroll position; null at the end. Kept while the reader is in other rooms. */
  position: ScrollPosition | null = null;

  constructor(cache: QueryClient, roomId: number) {
    this.#cache = cache;
    this.#roomId = roomId;
  }

  get window(): MessageWindow | undefined {
    return this.#cache.getQueryData<MessageWindow>(windowKey(this.#roomId));
  }

  /**
   * Whether the reader follows the end. Then the oldest messages are cut when there are too many.
   */
  get followsEnd(): boolean {
    return this.position === null;
  }

  /** Loads a new window; called by the query of the room. */
  load(signal: AbortSignal): Promise<MessageWindow> {
    this.#generation += 1;
    return withCachedFallback(this.#cache, windowKey(this.#roomId), () => this.#loadFresh(signal));
  }

  #loadFresh(signal: AbortSignal): Promise<MessageWindow> {
    return this.#withEventsSince(async (missed) => {
      const window = await this.#fetchWindow(signal);
      const events = missed();
      const loaded = events ? events.reduce(applyEvent, window) : await this.#fetchWindow(signal);
      this.#updateLatest(loaded.messages.at(-1));
      return loaded;
    });
  }

  /**
   * Opens the room at a message, or at the reader's last position (initially the end). Sends no
   * request if that is loaded.
   */
  async open(place: ScrollTarget) {
    const { window } = this;
    const isThere = place !== "newest" && window !== undefined && this.#holds(window, place);
    if (place !== "newest" && !isThere) this.position = { messageId: place, top: 0 };
    this.#target = place === "newest" ? (this.position?.messageId ?? place) : place;
    this.#linkedMessageId = place === "newest" || isThere ? null : place;
    if (!window || this.#holds(window, this.#target)) return;
    await this.#refetch();
    // The linked message is gone.
    if (place !== "newest" && this.followsEnd && this.window?.atEnd) this.#jump();
  }

  /** Whether a message is loaded. */
  holds(messageId: number): boolean {
    return this.window !== undefined && this.#holds(this.window, messageId);
  }

  /**
   * Goes to the end, where new messages appear. Resolves to false if the end could not be loaded.
   */
  async jumpToNewest(): Promise<boolean> {
    this.position = null;
    this.#target = "newest";
    if (this.window && !this.window.atEnd) await this.#refetch();
    if (this.window && !this.window.atEnd) return false;
    this.#jump();
    return true;
  }

  /** Calls `listener` when the list should scroll to the end. */
  onJump(listener: () => void): () => void {
    this.#jumpListeners.add(listener);
    return () => this.#jumpListeners.delete(listener);
  }

  /** Calls `listener` once for each message that is newer than all before. */
  onNewMessage(listener: MessageListener): () => void {
    this.#newMessageListeners.add(listener);
    return () => this.#newMessageListeners.delete(listener);
  }

  /**
   * Calls `listener` when the linked message is missing and the newest messages are shown instead.
   */
  onMissing(listener: () => void): () => void {
    this.#missingListeners.add(listener);
    return () => this.#missingListeners.delete(listener);
  }

  /** Reloads what the reader sees, after missed events that cannot be replayed. */
  async refresh() {
    this.#target = this.position?.messageId ?? "newest";
    await this.#refetch();
  }

  async loadOlder() {
    const first = this.window?.messages[0];
    if (this.window?.atStart) return;
    // Everything that was loaded has been deleted: only the server knows what came before.
    if (!first) return this.refresh();
    await this.#extend({ before: first.id }, withOlder);
  }

  async loadNewer() {
    const last = this.window?.messages.at(-1);
    if (this.window?.atEnd) return;
    if (!last) return this.refresh();
    await this.#extend({ after: last.id }, withNewer);
  }

  /** Applies a live event. Events arrive in commit order. */
  receive(event: RoomEvent) {
    const recordsEvents = this.#pendingPages > 0 && this.#recentEvents.length < maxRecentEvents;
    if (recordsEvents) this.#recentEvents.push(event);
    if (event.type === "message.removed") this.#rememberRemoved(event.message_id);
    if (event.type === "message.created") {
      this.#removedIds.delete(event.message.id);
      this.#notifyNewMessage(event.message);
    }
    this.#change((window) => this.#cut(applyEvent(window, event)));
  }

  /** Adds a message from a response, which may arrive later than events that happened after it. */
  addFromResponse(message: Message) {
    if (!this.#removedIds.has(message.id)) this.receive({ type: "message.created", message });
  }

  #notifyNewMessage(message: Message) {
    if (!this.#updateLatest(message) || !this.window) return;
    for (const listener of this.#newMessageListeners) listener(message);
  }

  /** Returns whether this message is newer than all before. */
  #updateLatest(message: Message | undefined): boolean {
    if (!message || (this.#latest && compareMessages(this.#latest, message) >= 0)) return false;
    this.#latest = message;
    return true;
  }

  #rememberRemoved(messageId: number) {
    this.#removedIds.add(messageId);
    const [oldest] = this.#removedIds;
    if (this.#removedIds.size > maxRemovedIds && oldest) this.#removedIds.delete(oldest);
  }

  #holds(window: MessageWindow, place: ScrollTarget): boolean {
    if (place === "newest") return window.atEnd;
    return window.messages.some(({ id }) => id === place);
  }

  #change(change: (window: MessageWindow) => MessageWindow) {
    this.#cache.setQueryData<MessageWindow>(
      windowKey(this.#roomId),
      (window) => window && change(window),
    );
  }

  #cut(window: MessageWindow): MessageWindow {
    return this.followsEnd ? cutOldest(window) : cutNewest(window);
  }

  async #refetch() {
    await this.#cache.refetchQueries({ queryKey: windowKey(this.#roomId), exact: true });
  }

  async #fetchWindow(signal: AbortSignal): Promise<MessageWindow> {
    const place = this.#target;
    if (place === "newest") return newestWindow(await fetchPage(this.#roomId, {}, signal));
    try {
      return windowAround(await fetchPage(this.#roomId, { around: place }, signal), place);
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
      // The message or the room is gone; the next request shows which.
      this.#target = "newest";
      const window = newestWindow(await fetchPage(this.#roomId, {}, signal));
      if (this.#linkedMessageId === place) this.#notifyMissing();
      return window;
    }
  }

  #jump() {
    for (const listener of this.#jumpListeners) listener();
  }

  #notifyMissing() {
    this.#linkedMessageId = null;
    this.position = null;
    for (const listener of this.#missingListeners) listener();
  }

  async #extend(cursor: { before: number } | { after: number }, join: Join) {
    const generation = this.#generation;
    try {
      await this.#withEventsSince(async (missed) => {
        const page = await fetchPage(this.#roomId, cursor);
        const events = missed();
        // Too many events: the edge of the list is still visible and loads again.
        if (generation !== this.#generation || !events) return;
        this.#change((window) => events.reduce(applyEvent, join(window, page)));
      });
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
      // The message at the edge was deleted in the meantime: reload what the reader sees.
      await this.refresh();
    }
  }

  /**
   * Runs `work`, which can ask for the events since it started; null if there were too many to
   * keep.
   */
  async #withEventsSince<Result>(
    work: (missed: () => RoomEvent[] | null) => Promise<Result>,
  ): Promise<Result> {
    const from = this.#recentEvents.length;
    this.#pendingPages += 1;
    try {
      return await work(() =>
        this.#recentEvents.length < maxRecentEvents ? this.#recentEvents.slice(from) : null,
      );
    } finally {
      this.#pendingPages -= 1;
      if (this.#pendingPages === 0) this.#recentEvents = [];
    }
  }
}

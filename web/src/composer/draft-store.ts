/** Draft storage: unfinished texts, kept on this device until they are sent or saved. */

/** How many drafts of one kind a user may have on this device. The oldest are evicted. */
const maxDrafts = 50;

interface StoredDraft {
  html: string;
  /** Milliseconds since the epoch. */
  at: number;
}

/** The drafts of one kind. They belong to a user: other users of this device never see them. */
export class DraftStore {
  readonly #prefix: string;
  readonly #listeners = new Set<() => void>();

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** The draft, or an empty string. */
  read(userId: number, id: number): string {
    return readDraft(this.#keyFor(userId, id))?.html ?? "";
  }

  /** Saves a draft, or deletes it if it is empty. */
  write(userId: number, id: number, html: string, now = Date.now()) {
    const key = this.#keyFor(userId, id);
    try {
      if (html === "") localStorage.removeItem(key);
      else {
        this.#evictOldest(userId, key);
        localStorage.setItem(key, JSON.stringify({ html, at: now } satisfies StoredDraft));
      }
    } catch (error) {
      // Private windows and full disks: the draft is kept until the page is closed.
      console.warn("Failed to save a draft; it is kept in this tab only.", error);
    }
    for (const listener of this.#listeners) listener();
  }

  /** The ids under which the user has drafts, in ascending order. */
  ids(userId: number): number[] {
    const own = this.#userPrefix(userId);
    return this.#keys(userId)
      .map((key) => Number(key.slice(own.length)))
      .sort((a, b) => a - b);
  }

  /** Calls `listener` when a draft is added or removed, in this tab or another. */
  onChange = (listener: () => void): (() => void) => {
    const onStorage = ({ key }: StorageEvent) => {
      if (key === null || key.startsWith(this.#prefix)) listener();
    };
    this.#listeners.add(listener);
    window.addEventListener("storage", onStorage);
    return () => {
      this.#listeners.delete(listener);
      window.removeEventListener("storage", onStorage);
    };
  };

  #userPrefix(userId: number): string {
    return `${this.#prefix}-${userId}-`;
  }

  #keyFor(userId: number, id: number): string {
    return `${this.#userPrefix(userId)}${id}`;
  }

  #evictOldest(userId: number, key: string) {
    const others = this.#keys(userId).filter((other) => other !== key);
    const oldestFirst = others.sort((a, b) => (readDraft(a)?.at ?? 0) - (readDraft(b)?.at ?? 0));
    for (const oldest of oldestFirst.slice(0, Math.max(0, others.length - maxDrafts + 1))) {
      localStorage.removeItem(oldest);
    }
  }

  #keys(userId: number): string[] {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(this.#userPrefix(userId)));
    } catch {
      return [];
    }
  }
}

function readDraft(key: string): StoredDraft | null {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    const { html, at } = (stored ?? {}) as Partial<StoredDraft>;
    return typeof html === "string" && typeof at === "number" ? { html, at } : null;
  } catch {
    return null;
  }
}

/** Unsent messages, by room id. */
export const messageDrafts = new DraftStore("campfire-draft");

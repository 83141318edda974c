/** Texts that somebody has begun, kept on this device until they are sent or saved. */

/** How many of a kind one person may have here: more than anybody has in mind. The oldest give way. */
const maxDrafts = 50;

interface StoredDraft {
  html: string;
  /** Milliseconds since the epoch. */
  at: number;
}

/** One kind of texts. They belong to a person: nobody else who signs in on this device sees them. */
export class DraftStore {
  readonly #prefix: string;
  readonly #listeners = new Set<() => void>();

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** What was kept under this number, or nothing. */
  read(userId: number, id: number): string {
    return readDraft(this.#keyFor(userId, id))?.html ?? "";
  }

  /** Keeps a text, or forgets it if there is nothing in it. */
  write(userId: number, id: number, html: string, now = Date.now()) {
    const key = this.#keyFor(userId, id);
    try {
      if (html === "") localStorage.removeItem(key);
      else {
        this.#evictOldest(userId, key);
        localStorage.setItem(key, JSON.stringify({ html, at: now } satisfies StoredDraft));
      }
    } catch (error) {
      // Private windows and full discs: the text lives as long as the page.
      console.warn("What was begun is only kept in this tab.", error);
    }
    for (const listener of this.#listeners) listener();
  }

  /** The numbers under which this person has something, in ascending order. */
  ids(userId: number): number[] {
    const own = this.#userPrefix(userId);
    return this.#keys(userId)
      .map((key) => Number(key.slice(own.length)))
      .sort((a, b) => a - b);
  }

  /** Calls back when a text comes or goes, in this tab or another. */
  onChange = (listener: () => void): (() => void) => {
    const heard = ({ key }: StorageEvent) => {
      if (key === null || key.startsWith(this.#prefix)) listener();
    };
    this.#listeners.add(listener);
    window.addEventListener("storage", heard);
    return () => {
      this.#listeners.delete(listener);
      window.removeEventListener("storage", heard);
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
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    const { html, at } = (kept ?? {}) as Partial<StoredDraft>;
    return typeof html === "string" && typeof at === "number" ? { html, at } : null;
  } catch {
    return null;
  }
}

/** Unsent messages, by room id. */
export const messageDrafts = new DraftStore("campfire-draft");

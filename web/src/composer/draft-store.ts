/** Texts that somebody has begun, kept on this device until they are sent or saved. */

/** How many of a kind one person may have here: more than anybody has in mind. The oldest give way. */
const most = 50;

interface Kept {
  html: string;
  /** Milliseconds since the epoch. */
  at: number;
}

/** One kind of texts. They belong to a person: nobody else who signs in on this device sees them. */
export class KeptTexts {
  readonly #prefix: string;
  readonly #listeners = new Set<() => void>();

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** What was kept under this number, or nothing. */
  read(userId: number, id: number): string {
    return readKept(this.#keyFor(userId, id))?.html ?? "";
  }

  /** Keeps a text, or forgets it if there is nothing in it. */
  write(userId: number, id: number, html: string, now = Date.now()) {
    const key = this.#keyFor(userId, id);
    try {
      if (html === "") localStorage.removeItem(key);
      else {
        this.#makeRoom(userId, key);
        localStorage.setItem(key, JSON.stringify({ html, at: now } satisfies Kept));
      }
    } catch (error) {
      // Private windows and full discs: the text lives as long as the page.
      console.warn("What was begun is only kept in this tab.", error);
    }
    for (const listener of this.#listeners) listener();
  }

  /** The numbers under which this person has something, in ascending order. */
  ids(userId: number): number[] {
    const own = this.#own(userId);
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

  #own(userId: number): string {
    return `${this.#prefix}-${userId}-`;
  }

  #keyFor(userId: number, id: number): string {
    return `${this.#own(userId)}${id}`;
  }

  #makeRoom(userId: number, key: string) {
    const others = this.#keys(userId).filter((other) => other !== key);
    const oldestFirst = others.sort((a, b) => (readKept(a)?.at ?? 0) - (readKept(b)?.at ?? 0));
    for (const oldest of oldestFirst.slice(0, Math.max(0, others.length - most + 1))) {
      localStorage.removeItem(oldest);
    }
  }

  #keys(userId: number): string[] {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(this.#own(userId)));
    } catch {
      return [];
    }
  }
}

function readKept(key: string): Kept | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    const { html, at } = (kept ?? {}) as Partial<Kept>;
    return typeof html === "string" && typeof at === "number" ? { html, at } : null;
  } catch {
    return null;
  }
}

import { useEffect, useState } from "react";
import type { DraftStore } from "./draft-store";

/** How long typing must pause before the draft is saved, in milliseconds. */
const writeDelay = 400;

interface Draft {
  /** The draft when the editor was opened. */
  initial: string;
  /** Saves the draft after a delay. */
  update(html: string): void;
  /** Deletes the draft: it was sent, saved or discarded. */
  discard(): void;
}

/**
 * One draft, for as long as its editor is open. Leaving the page or the editor saves it at once.
 */
export function useDraft(store: DraftStore, userId: number, id: number): Draft {
  const [writer] = useState(() => new DraftWriter(store, userId, id));
  useEffect(() => {
    const flush = () => writer.flush();
    window.addEventListener("pagehide", flush);
    document.addEventListener("visibilitychange", flush);
    return () => {
      window.removeEventListener("pagehide", flush);
      document.removeEventListener("visibilitychange", flush);
      flush();
    };
  }, [writer]);
  return writer;
}

class DraftWriter implements Draft {
  readonly #store: DraftStore;
  readonly #userId: number;
  readonly #id: number;
  readonly initial: string;
  /** The last draft that this tab wrote or read: only changes made here are saved. */
  #saved: string;
  #latest: string;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(store: DraftStore, userId: number, id: number) {
    this.#store = store;
    this.#userId = userId;
    this.#id = id;
    this.initial = store.read(userId, id);
    this.#saved = this.initial;
    this.#latest = this.initial;
  }

  update = (html: string) => {
    this.#latest = html;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), writeDelay);
  };

  discard = () => {
    this.#latest = "";
    this.#saved = "";
    clearTimeout(this.#timer);
    this.#store.write(this.#userId, this.#id, "");
  };

  flush() {
    clearTimeout(this.#timer);
    if (this.#latest === this.#saved) return;
    this.#saved = this.#latest;
    this.#store.write(this.#userId, this.#id, this.#latest);
  }
}

import { useEffect, useState } from "react";
import type { KeptTexts } from "./draft-store";

/** How long typing must pause before the text is written, in milliseconds. */
const pause = 400;

interface KeptText {
  /** What was there at the beginning. */
  initial: string;
  /** Keeps what is written now, after a moment. */
  keep(html: string): void;
  /** It was sent or saved, or is not wanted any more. */
  drop(): void;
}

/** One text, for as long as one writes there. Leaving the page or the place writes it at once. */
export function useKeptText(texts: KeptTexts, userId: number, id: number): KeptText {
  const [keeper] = useState(() => new Keeper(texts, userId, id));
  useEffect(() => {
    const flush = () => keeper.flush();
    window.addEventListener("pagehide", flush);
    document.addEventListener("visibilitychange", flush);
    return () => {
      window.removeEventListener("pagehide", flush);
      document.removeEventListener("visibilitychange", flush);
      flush();
    };
  }, [keeper]);
  return keeper;
}

class Keeper implements KeptText {
  readonly #texts: KeptTexts;
  readonly #userId: number;
  readonly #id: number;
  readonly initial: string;
  /** What storage has, as far as this tab knows: only changes made here are written. */
  #kept: string;
  #latest: string;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(texts: KeptTexts, userId: number, id: number) {
    this.#texts = texts;
    this.#userId = userId;
    this.#id = id;
    this.initial = texts.read(userId, id);
    this.#kept = this.initial;
    this.#latest = this.initial;
  }

  keep = (html: string) => {
    this.#latest = html;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), pause);
  };

  drop = () => {
    this.#latest = "";
    this.#kept = "";
    clearTimeout(this.#timer);
    this.#texts.write(this.#userId, this.#id, "");
  };

  flush() {
    clearTimeout(this.#timer);
    if (this.#latest === this.#kept) return;
    this.#kept = this.#latest;
    this.#texts.write(this.#userId, this.#id, this.#latest);
  }
}

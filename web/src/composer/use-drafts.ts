import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { meQuery } from "../session/queries";
import { draftRooms, onDrafts, readDraft, writeDraft } from "./drafts";

/** How long typing must pause before the draft is written, in milliseconds. */
const pause = 400;

/** The rooms in which the person who is signed in has an unsent draft. */
export function useDrafts(): ReadonlySet<number> {
  const { data: me } = useQuery(meQuery);
  const rooms = useSyncExternalStore(onDrafts, () => (me ? draftRooms(me.id).join() : ""));
  return useMemo(() => new Set(rooms === "" ? [] : rooms.split(",").map(Number)), [rooms]);
}

interface KeptDraft {
  /** What was there when the room was opened. */
  initial: string;
  /** Keeps what is written now, after a moment. */
  keep(html: string): void;
  /** It was sent. */
  drop(): void;
}

/** One room's draft, for as long as one writes there. Leaving the page or the room writes it at once. */
export function useDraft(userId: number, roomId: number): KeptDraft {
  const [draft] = useState(() => new DraftKeeper(userId, roomId));
  useEffect(() => {
    const flush = () => draft.flush();
    window.addEventListener("pagehide", flush);
    document.addEventListener("visibilitychange", flush);
    return () => {
      window.removeEventListener("pagehide", flush);
      document.removeEventListener("visibilitychange", flush);
      flush();
    };
  }, [draft]);
  return draft;
}

class DraftKeeper implements KeptDraft {
  readonly #userId: number;
  readonly #roomId: number;
  readonly initial: string;
  /** What storage has, as far as this tab knows: only changes made here are written. */
  #kept: string;
  #latest: string;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(userId: number, roomId: number) {
    this.#userId = userId;
    this.#roomId = roomId;
    this.initial = readDraft(userId, roomId);
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
    writeDraft(this.#userId, this.#roomId, "");
  };

  flush() {
    clearTimeout(this.#timer);
    if (this.#latest === this.#kept) return;
    this.#kept = this.#latest;
    writeDraft(this.#userId, this.#roomId, this.#latest);
  }
}

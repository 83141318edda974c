/** What somebody was writing in each room, kept on this device until it is sent. */

/** How many drafts one person may have here: more than anybody has in mind. The oldest give way. */
const most = 50;

interface Draft {
  html: string;
  /** Milliseconds since the epoch. */
  at: number;
}

const prefix = "campfire-draft";
const listeners = new Set<() => void>();

/** Drafts belong to a person: nobody else who signs in on this device sees them. */
function keyFor(userId: number, roomId: number): string {
  return `${prefix}-${userId}-${roomId}`;
}

export function readDraft(userId: number, roomId: number): string {
  return read(keyFor(userId, roomId))?.html ?? "";
}

/** Keeps a draft, or forgets it if there is nothing in it. */
export function writeDraft(userId: number, roomId: number, html: string, now = Date.now()) {
  const key = keyFor(userId, roomId);
  try {
    if (html === "") localStorage.removeItem(key);
    else {
      makeRoom(userId, key);
      localStorage.setItem(key, JSON.stringify({ html, at: now } satisfies Draft));
    }
  } catch (error) {
    // Private windows and full discs: the draft lives as long as the page.
    console.warn("A draft is only kept in this tab.", error);
  }
  for (const listener of listeners) listener();
}

/** The rooms in which this person has begun something, in ascending order. */
export function draftRooms(userId: number): number[] {
  const own = `${prefix}-${userId}-`;
  return keys()
    .filter((key) => key.startsWith(own))
    .map((key) => Number(key.slice(own.length)))
    .sort((a, b) => a - b);
}

/** Calls back when a draft comes or goes, in this tab or another. */
export function onDrafts(listener: () => void): () => void {
  const heard = ({ key }: StorageEvent) => {
    if (key === null || key.startsWith(prefix)) listener();
  };
  listeners.add(listener);
  window.addEventListener("storage", heard);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", heard);
  };
}

function makeRoom(userId: number, key: string) {
  const others = keys().filter(
    (other) => other.startsWith(`${prefix}-${userId}-`) && other !== key,
  );
  const oldestFirst = others.sort((a, b) => (read(a)?.at ?? 0) - (read(b)?.at ?? 0));
  for (const oldest of oldestFirst.slice(0, Math.max(0, others.length - most + 1))) {
    localStorage.removeItem(oldest);
  }
}

function keys(): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

function read(key: string): Draft | null {
  try {
    const draft: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    const { html, at } = (draft ?? {}) as Partial<Draft>;
    return typeof html === "string" && typeof at === "number" ? { html, at } : null;
  } catch {
    return null;
  }
}

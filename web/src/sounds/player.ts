import { useSyncExternalStore } from "react";

/** Why nothing was heard. */
export type PlaybackFailure = "muted" | "blocked" | "failed";

const key = "campfire-sounds-muted";
const listeners = new Set<() => void>();
let playing: HTMLAudioElement | null = null;
/** What was wished on this page, where the device remembers nothing. */
let muted = false;

/** Plays a sound, in place of the one before. Answers why not, or null. */
export async function play(url: string): Promise<PlaybackFailure | null> {
  if (isMuted()) return "muted";
  playing?.pause();
  const audio = new Audio(url);
  playing = audio;
  try {
    await audio.play();
    return null;
  } catch (error) {
    // Another sound was started before this one had begun.
    if (nameOf(error) === "AbortError") return null;
    // Browsers let a page make noise only after its reader has touched it.
    return nameOf(error) === "NotAllowedError" ? "blocked" : "failed";
  }
}

export function isMuted(): boolean {
  try {
    return localStorage.getItem(key) === "yes";
  } catch {
    return muted;
  }
}

/** Remembered on this device, or else for as long as the page lives. */
export function mute(wished: boolean) {
  muted = wished;
  if (wished) playing?.pause();
  try {
    if (wished) localStorage.setItem(key, "yes");
    else localStorage.removeItem(key);
  } catch {
    // Some private windows remember nothing.
  }
  for (const listener of listeners) listener();
}

export function useMuted(): boolean {
  return useSyncExternalStore(subscribe, isMuted);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  // Muting in one tab mutes the others.
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

function nameOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : "";
}

import { useSyncExternalStore } from "react";

/** Why a sound was not played. */
export type PlaybackFailure = "muted" | "blocked" | "failed";

const key = "campfire-sounds-muted";
const listeners = new Set<() => void>();
let playing: HTMLAudioElement | null = null;
/** The setting for this page, if storage is unavailable. */
let muted = false;

/**
 * Plays a sound and stops the previous one. Resolves to the reason if it was not played, otherwise
 * null.
 */
export async function play(url: string): Promise<PlaybackFailure | null> {
  if (isMuted()) return "muted";
  playing?.pause();
  const audio = new Audio(url);
  playing = audio;
  try {
    await audio.play();
    return null;
  } catch (error) {
    // Another sound was started before this one.
    if (nameOf(error) === "AbortError") return null;
    // Browsers block audio until the user has interacted with the page.
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

/** Saved on this device; without storage, for this page only. */
export function mute(muteRequested: boolean) {
  muted = muteRequested;
  if (muteRequested) playing?.pause();
  try {
    if (muteRequested) localStorage.setItem(key, "yes");
    else localStorage.removeItem(key);
  } catch {
    // Some private windows have no storage.
  }
  for (const listener of listeners) listener();
}

export function useMuted(): boolean {
  return useSyncExternalStore(subscribe, isMuted);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  // Muting in one tab mutes all of them.
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

function nameOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : "";
}

// Whether the app is installed on this device, and how to install it.
import { useSyncExternalStore } from "react";

/** Chromium's event; other browsers have none. */
interface InstallPromptEvent extends Event {
  prompt(): Promise<{ outcome: "accepted" | "dismissed" }>;
}

let savedPrompt: InstallPromptEvent | null = null;
const listeners = new Set<() => void>();

function setPrompt(next: InstallPromptEvent | null) {
  savedPrompt = next;
  for (const listener of listeners) listener();
}

/** Saves the browser's install prompt, which is offered once and early, until it is used. */
export function captureInstallPrompt() {
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    setPrompt(event as InstallPromptEvent);
  });
  window.addEventListener("appinstalled", () => setPrompt(null));
}

/** Whether this page runs as an installed app. */
export function isInstalled(): boolean {
  const standalone = (navigator as { standalone?: boolean }).standalone === true;
  return standalone || window.matchMedia?.("(display-mode: standalone)").matches === true;
}

/** A function that shows the browser's install prompt, or null if it offers none. */
export function useInstallPrompt(): (() => Promise<void>) | null {
  const current = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => savedPrompt,
  );
  if (!current) return null;
  return async () => {
    // A prompt can be used once.
    setPrompt(null);
    await current.prompt();
  };
}

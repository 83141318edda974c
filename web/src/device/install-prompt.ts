// Whether the app is installed on this device, and how it could be.
import { useSyncExternalStore } from "react";

/** What Chromium's browsers offer; others have no event for it. */
interface InstallPromptEvent extends Event {
  prompt(): Promise<{ outcome: "accepted" | "dismissed" }>;
}

let savedPrompt: InstallPromptEvent | null = null;
const listeners = new Set<() => void>();

function setPrompt(next: InstallPromptEvent | null) {
  savedPrompt = next;
  for (const listener of listeners) listener();
}

/** Keeps the browser's offer, which comes once and early, until somebody asks for it. */
export function captureInstallPrompt() {
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    setPrompt(event as InstallPromptEvent);
  });
  window.addEventListener("appinstalled", () => setPrompt(null));
}

/** Whether this page runs as an app of its own, without the browser's bars. */
export function isInstalled(): boolean {
  const standalone = (navigator as { standalone?: boolean }).standalone === true;
  return standalone || window.matchMedia?.("(display-mode: standalone)").matches === true;
}

/** What installs the app when it is called, if the browser offers that. */
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
    // An offer can be taken once.
    setPrompt(null);
    await current.prompt();
  };
}

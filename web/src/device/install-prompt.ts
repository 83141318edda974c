// Whether the app is installed on this device, and how it could be.
import { useSyncExternalStore } from "react";

/** What Chromium's browsers offer; others have no event for it. */
interface InstallPrompt extends Event {
  prompt(): Promise<{ outcome: "accepted" | "dismissed" }>;
}

let offer: InstallPrompt | null = null;
const listeners = new Set<() => void>();

function setOffer(next: InstallPrompt | null) {
  offer = next;
  for (const listener of listeners) listener();
}

/** Keeps the browser's offer, which comes once and early, until somebody asks for it. */
export function watchForOffer() {
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    setOffer(event as InstallPrompt);
  });
  window.addEventListener("appinstalled", () => setOffer(null));
}

/** Whether this page runs as an app of its own, without the browser's bars. */
export function isInstalled(): boolean {
  const standalone = (navigator as { standalone?: boolean }).standalone === true;
  return standalone || window.matchMedia?.("(display-mode: standalone)").matches === true;
}

/** What installs the app when it is called, if the browser offers that. */
export function useInstallOffer(): (() => Promise<void>) | null {
  const current = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => offer,
  );
  if (!current) return null;
  return async () => {
    // An offer can be taken once.
    setOffer(null);
    await current.prompt();
  };
}

// Whether somebody was told once, on this device, that it could notify them; for the app and the browser apart.
import { isInstalled } from "../device/install-prompt";

const key = () => `campfire-notifications-seen-${isInstalled() ? "app" : "browser"}`;

export function isPromptDismissed(): boolean {
  try {
    return localStorage.getItem(key()) !== null;
  } catch {
    // Better once too few than at every visit.
    return true;
  }
}

export function dismissPrompt() {
  try {
    localStorage.setItem(key(), "yes");
  } catch {
    // Then nobody was told either.
  }
}

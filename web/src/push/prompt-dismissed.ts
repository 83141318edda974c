// Whether the user has seen the prompt to turn on notifications on this device, separately for the
// app and the browser.
import { isInstalled } from "../device/install-prompt";

const key = () => `campfire-notifications-seen-${isInstalled() ? "app" : "browser"}`;

export function isPromptDismissed(): boolean {
  try {
    return localStorage.getItem(key()) !== null;
  } catch {
    // Without storage, never prompt rather than on each visit.
    return true;
  }
}

export function dismissPrompt() {
  try {
    localStorage.setItem(key(), "yes");
  } catch {
    // The prompt is not shown without storage.
  }
}

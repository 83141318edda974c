// The state of push notifications on this device.
import type { System } from "./platform";

export type PushState =
  /** The operator has disabled push. */
  | "switched_off"
  /** Push needs HTTPS. */
  | "insecure"
  /** On iPhones and iPads push works for installed apps only. */
  | "install_first"
  | "unsupported"
  /** The user has denied permission; only the browser's settings can change that. */
  | "denied"
  | "off"
  | "on";

/** What the state is derived from. */
export interface PushFacts {
  isOffered: boolean;
  isSecure: boolean;
  canPush: boolean;
  system: System;
  isInstalled: boolean;
  permission: NotificationPermission;
  isSubscribed: boolean;
}

export function pushStateOf(facts: PushFacts): PushState {
  if (!facts.isOffered) return "switched_off";
  if (!facts.isSecure) return "insecure";
  if (!facts.canPush) {
    return facts.system === "ios" && !facts.isInstalled ? "install_first" : "unsupported";
  }
  if (facts.permission === "denied") return "denied";
  return facts.permission === "granted" && facts.isSubscribed ? "on" : "off";
}

/** Whether the user can do something to get notifications on this device. */
export function canUserChange(state: PushState): boolean {
  return state === "off" || state === "denied" || state === "install_first";
}

// Whether this device notifies, and if not, why.
import type { System } from "./platform";

export type PushState =
  /** The operator switched notifications off. */
  | "switched_off"
  /** The page came over plain HTTP, where browsers allow none of this. */
  | "insecure"
  /** iPhones and iPads notify only for apps on the home screen. */
  | "install_first"
  | "unsupported"
  /** Somebody said no in the browser, which only they can take back there. */
  | "denied"
  | "off"
  | "on";

/** What the browser and the server say about notifications. */
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

/** Whether there is something that a person can do to be notified here. */
export function canUserChange(state: PushState): boolean {
  return state === "off" || state === "denied" || state === "install_first";
}

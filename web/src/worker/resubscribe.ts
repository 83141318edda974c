// Replaces a push subscription that the browser has dropped, and registers the new one with the
// server.

import {
  clearResubscribePending,
  isResubscribePending,
  setResubscribePending,
} from "./pending-resubscribe";
import { decodeVapidKey } from "./vapid-key";

interface Change {
  readonly oldSubscription?: PushSubscription | null;
  readonly newSubscription?: PushSubscription | null;
}

/** The part of the service worker registration that is used here. */
interface Registration {
  readonly pushManager: PushManager;
  /** Wakes the worker when the network is back. Not supported by all browsers. */
  readonly sync?: { register(tag: string): Promise<void> };
}

/** The tag of the sync event. */
export const syncTag = "subscription-owed";

/**
 * Registers the new subscription now, or later: with a sync event, or when a page starts
 * (`device/push-subscription.ts`).
 */
export async function resubscribe(registration: Registration, change: Change) {
  // First, because the browser may end the worker at any time.
  await setResubscribePending().catch(() => undefined);
  try {
    await registerSubscription(registration.pushManager, change);
  } catch (error) {
    console.warn("Failed to register the new push subscription; it is retried later.", error);
    await registration.sync?.register(syncTag).catch(() => undefined);
  }
}

/** Finishes a pending registration. Rejects if that fails again, so that the browser retries. */
export async function finishPendingResubscribe(manager: PushManager) {
  if (!(await isResubscribePending())) return;
  await registerSubscription(manager, { newSubscription: await manager.getSubscription() });
}

async function registerSubscription(manager: PushManager, change: Change) {
  const fresh = change.newSubscription ?? (await subscribe(manager, change));
  if (fresh) await postSubscription(fresh);
  await clearResubscribePending();
}

async function postSubscription(fresh: PushSubscription) {
  const response = await fetch("/api/v1/push_subscriptions", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(fresh.toJSON()),
  });
  const { ok, status } = response;
  if (status >= 500 || status === 429 || status === 408)
    throw new Error(`responded with ${status}`);
  // Signed out, or push is disabled: unsubscribe.
  if (!ok) await fresh.unsubscribe();
}

/** Null if push is disabled. */
async function subscribe(manager: PushManager, change: Change): Promise<PushSubscription | null> {
  const known = change.oldSubscription?.options.applicationServerKey;
  const applicationServerKey = known ?? (await serverKey());
  if (!applicationServerKey) return null;
  return manager.subscribe({ userVisibleOnly: true, applicationServerKey }).catch((error) => {
    // The user has revoked the permission.
    if (error instanceof DOMException && error.name === "NotAllowedError") return null;
    throw error;
  });
}

async function serverKey(): Promise<Uint8Array<ArrayBuffer> | null> {
  const response = await fetch("/api/v1/status");
  if (!response.ok) throw new Error(`responded with ${response.status}`);
  const status: { vapid_public_key?: string | null } = await response.json();
  return status.vapid_public_key ? decodeVapidKey(status.vapid_public_key) : null;
}

// When a browser takes a device's subscription away, it gets a new one, and the server learns it.

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

/** As much of the browser's registration as is needed. */
interface Registration {
  readonly pushManager: PushManager;
  /** Wakes the worker when the network is back; only some browsers offer it. */
  readonly sync?: { register(tag: string): Promise<void> };
}

/** What the browser says when it wakes the worker for this. */
export const syncTag = "subscription-owed";

/** Tells the server, now or as soon as somebody can: at the next start of a page at the latest (`push/device.ts`). */
export async function resubscribe(registration: Registration, change: Change) {
  // First: the worker may be ended at any moment.
  await setResubscribePending().catch(() => undefined);
  try {
    await registerSubscription(registration.pushManager, change);
  } catch (error) {
    console.warn("The server doesn’t know of this device’s new subscription yet.", error);
    await registration.sync?.register(syncTag).catch(() => undefined);
  }
}

/** Tells the server what it was not told before. Fails when it still cannot be: the browser asks again later. */
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
  if (status >= 500 || status === 429 || status === 408) throw new Error(`answered with ${status}`);
  // Nobody is signed in here any more, or notifications are switched off: then this device is silent.
  if (!ok) await fresh.unsubscribe();
}

/** Null where there is to be none any more. */
async function subscribe(manager: PushManager, change: Change): Promise<PushSubscription | null> {
  const known = change.oldSubscription?.options.applicationServerKey;
  const applicationServerKey = known ?? (await serverKey());
  if (!applicationServerKey) return null;
  return manager.subscribe({ userVisibleOnly: true, applicationServerKey }).catch((error) => {
    // Somebody took the permission back: that is how it came to this.
    if (error instanceof DOMException && error.name === "NotAllowedError") return null;
    throw error;
  });
}

async function serverKey(): Promise<Uint8Array<ArrayBuffer> | null> {
  const response = await fetch("/api/v1/status");
  if (!response.ok) throw new Error(`answered with ${response.status}`);
  const status: { vapid_public_key?: string | null } = await response.json();
  return status.vapid_public_key ? decodeVapidKey(status.vapid_public_key) : null;
}

// The push subscription of this device: subscribing, unsubscribing, and keeping it consistent with
// the server.
import { api, unwrap } from "../api/client";
import { isTransient, Problem, statusOf } from "../api/problem";
import type { PushDevice, Status } from "../api/types";
import { strings } from "../strings";
import { clearResubscribePending, isResubscribePending } from "../worker/pending-resubscribe";
import { decodeVapidKey, isSameKey } from "../worker/vapid-key";
import { isInstalled } from "./install-prompt";
import { platform } from "./platform";
import { type PushState, pushStateOf } from "./push-state";
import { registration } from "./service-worker";

/**
 * How long a subscription may go without a refresh, in milliseconds; the server expires old ones.
 */
const refreshAfter = 24 * 60 * 60_000;

export interface DevicePush {
  state: PushState;
  /** The push endpoint, a secret URL, if push is on. */
  endpoint: string | null;
}

const canPush = () =>
  "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

export async function getDevicePush(status: Status): Promise<DevicePush> {
  const subscription = await currentSubscription();
  const state = pushStateOf({
    isOffered: status.features.push && Boolean(status.vapid_public_key),
    isSecure: window.isSecureContext,
    canPush: canPush() && (await registration()) !== null,
    system: platform().system,
    isInstalled: isInstalled(),
    permission: canPush() ? Notification.permission : "default",
    isSubscribed: subscription !== null,
  });
  return { state, endpoint: state === "on" ? (subscription?.endpoint ?? null) : null };
}

/** Asks for permission, which browsers allow only right after a click, and subscribes. */
export async function enablePush(status: Status) {
  const permission = await Notification.requestPermission();
  if (permission === "granted") await subscribe(status);
}

export async function disablePush() {
  await clearResubscribePending();
  const subscription = await currentSubscription();
  if (!subscription) return;
  const current = (await listPushDevices(subscription.endpoint)).find((device) => device.current);
  if (current) await removePushDevice(current.id);
  await subscription.unsubscribe();
}

/** The user's devices with push; the current one is marked. */
export async function listPushDevices(endpoint: string | null): Promise<PushDevice[]> {
  const query = endpoint ? { endpoint } : {};
  return unwrap(api.GET("/api/v1/push_subscriptions", { params: { query } }));
}

export async function removePushDevice(id: number) {
  await unwrap(api.DELETE("/api/v1/push_subscriptions/{id}", { params: { path: { id } } }));
}

export async function sendTestPush(id: number) {
  await unwrap(api.POST("/api/v1/push_subscriptions/{id}/test", { params: { path: { id } } }));
}

/** Makes the subscription and the server consistent. */
export async function syncSubscription(status: Status) {
  // Read first, because the service worker may be finishing this right now.
  const isPending = await isResubscribePending();
  const subscription = await currentSubscription();
  if (!canPush() || Notification.permission !== "granted") return;
  if (isPending) return finishPendingResubscribe(subscription, status);
  if (!subscription) return;
  const key = status.vapid_public_key;
  if (key && !isSameKey(subscription.options.applicationServerKey, decodeVapidKey(key))) {
    // The operator has changed the VAPID key, so the old subscription is useless.
    await subscription.unsubscribe();
    return subscribe(status);
  }
  const current = (await listPushDevices(subscription.endpoint)).find((device) => device.current);
  // Removed on another device, or it belonged to another user.
  if (!current) await subscription.unsubscribe();
  else if (Date.now() - Date.parse(current.updated_at) > refreshAfter)
    await registerSubscription(subscription);
}

/** Registers a subscription that the browser created while offline. */
async function finishPendingResubscribe(subscription: PushSubscription | null, status: Status) {
  try {
    const key = status.vapid_public_key;
    const isOfKey =
      key && isSameKey(subscription?.options.applicationServerKey, decodeVapidKey(key));
    if (subscription && isOfKey) await registerSubscription(subscription);
    else {
      await subscription?.unsubscribe();
      await subscribe(status);
    }
  } catch (error) {
    // No response, or no push service: try again later.
    if (isTransient(error) || !statusOf(error)) throw error;
    // The server has rejected it for good: unsubscribe.
    await subscription?.unsubscribe();
  }
  await clearResubscribePending();
}

/** The push endpoint, so that the server deletes its subscription on sign-out. */
export async function currentEndpoint(): Promise<string | null> {
  return (await currentSubscription().catch(() => null))?.endpoint ?? null;
}

/** Unsubscribes and closes all notifications, on sign-out. */
export async function unsubscribeDevice() {
  await clearResubscribePending();
  const found = canPush() ? await navigator.serviceWorker.getRegistration() : undefined;
  await (await found?.pushManager.getSubscription())?.unsubscribe();
  const notifications = await found?.getNotifications();
  for (const notification of notifications ?? []) notification.close();
}

async function currentSubscription(): Promise<PushSubscription | null> {
  if (!canPush()) return null;
  const found = await registration();
  return (await found?.pushManager.getSubscription()) ?? null;
}

async function subscribe(status: Status) {
  const found = await registration();
  if (!found || !status.vapid_public_key) throw new Problem(0, strings.push.unsupported);
  const { pushManager } = await navigator.serviceWorker.ready;
  const subscription = await pushManager
    .subscribe({
      userVisibleOnly: true,
      applicationServerKey: decodeVapidKey(status.vapid_public_key),
    })
    .catch((error) => {
      console.warn("The browser rejected the push subscription.", error);
      throw new Problem(0, strings.push.noService);
    });
  try {
    await registerSubscription(subscription);
  } catch (error) {
    // A device that the server does not know must not appear to have push.
    await subscription.unsubscribe().catch(() => false);
    throw error;
  }
}

async function registerSubscription(subscription: PushSubscription) {
  const { endpoint = "", keys } = subscription.toJSON();
  const { p256dh = "", auth = "" } = keys ?? {};
  const body = { endpoint, keys: { p256dh, auth } };
  await unwrap(api.POST("/api/v1/push_subscriptions", { body }));
}

// When a browser takes a device's subscription away, it gets a new one, and the server learns it.
import { bytesIn } from "../push/keys";

interface Change {
  readonly oldSubscription?: PushSubscription | null;
  readonly newSubscription?: PushSubscription | null;
}

export async function resubscribe(manager: PushManager, change: Change) {
  const fresh = change.newSubscription ?? (await subscribe(manager, change));
  if (!fresh) return;
  const response = await fetch("/api/v1/push_subscriptions", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(fresh.toJSON()),
  });
  // Nobody is signed in here any more, or notifications are switched off: then this device is silent.
  if (response.status === 401 || response.status === 403) await fresh.unsubscribe();
}

async function subscribe(manager: PushManager, change: Change): Promise<PushSubscription | null> {
  const known = change.oldSubscription?.options.applicationServerKey;
  const applicationServerKey = known ?? (await serverKey());
  if (!applicationServerKey) return null;
  return manager.subscribe({ userVisibleOnly: true, applicationServerKey });
}

async function serverKey(): Promise<Uint8Array<ArrayBuffer> | null> {
  const response = await fetch("/api/v1/status");
  const status: { vapid_public_key?: string | null } = await response.json();
  return status.vapid_public_key ? bytesIn(status.vapid_public_key) : null;
}

// Whether the server has yet to hear of this device's new subscription. Kept on the device: the worker, which learns of
// it, ends when the browser wants it to, and whoever has a network next tells the server.
import { pendingWorkCache } from "./cache-names";

const marker = "/subscription-owed";

/** The server has to be told. Fails where the browser keeps nothing. */
export async function setResubscribePending() {
  await (await caches.open(pendingWorkCache)).put(marker, new Response());
}

export async function isResubscribePending(): Promise<boolean> {
  try {
    return (await caches.match(marker, { cacheName: pendingWorkCache })) !== undefined;
  } catch {
    // Where nothing is kept, nothing was noted either.
    return false;
  }
}

/** The server knows, or there is nothing to tell any more. */
export async function clearResubscribePending() {
  try {
    await caches.delete(pendingWorkCache);
  } catch {
    // Nothing was noted either.
  }
}

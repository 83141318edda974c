// Whether a new push subscription still has to be registered. Stored on the device, because
// the browser may end the service worker that received it; the page or a later sync event finishes
// the work.
import { pendingWorkCache } from "./cache-names";

const marker = "/subscription-owed";

/** Rejects if the browser offers no storage. */
export async function setResubscribePending() {
  await (await caches.open(pendingWorkCache)).put(marker, new Response());
}

export async function isResubscribePending(): Promise<boolean> {
  try {
    return (await caches.match(marker, { cacheName: pendingWorkCache })) !== undefined;
  } catch {
    // Without storage nothing is pending.
    return false;
  }
}

/** The server knows the subscription, or there is none any more. */
export async function clearResubscribePending() {
  try {
    await caches.delete(pendingWorkCache);
  } catch {
    // Without storage nothing is pending.
  }
}

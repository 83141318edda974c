import { unsubscribeDevice } from "../device/push-subscription";
import { clearOfflineData } from "../offline/clear-offline-data";
import { clearCurrentUserId } from "../storage/current-user";

/** Nobody is signed in on this device any more: what it kept, shows and is told of goes. */
export async function clearDeviceData() {
  clearCurrentUserId();
  if ("clearAppBadge" in navigator) navigator.clearAppBadge().catch(() => undefined);
  await Promise.all([
    clearOfflineData(null),
    // The server knows that already; this is for the browser.
    unsubscribeDevice().catch((error) => console.warn("This device may still be notified.", error)),
  ]);
}

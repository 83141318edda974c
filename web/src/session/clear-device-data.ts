import { unsubscribeDevice } from "../device/push-subscription";
import { clearOfflineData } from "../offline/clear-offline-data";
import { clearCurrentUserId } from "../storage/current-user";

/**
 * Removes everything that belongs to the user who was signed in on this device: cached data, the
 * push subscription and shown notifications.
 */
export async function clearDeviceData() {
  clearCurrentUserId();
  if ("clearAppBadge" in navigator) navigator.clearAppBadge().catch(() => undefined);
  await Promise.all([
    clearOfflineData(null),
    // The server has removed its subscription already; this removes the browser's.
    unsubscribeDevice().catch((error) =>
      console.warn(
        "Failed to unsubscribe from push; this device may still show notifications.",
        error,
      ),
    ),
  ]);
}

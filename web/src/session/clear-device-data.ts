import { fallSilent } from "../device/push-subscription";
import { dropKept } from "../offline/clear-offline-data";
import { forgetUser } from "../storage/current-user";

/** Nobody is signed in on this device any more: what it kept, shows and is told of goes. */
export async function leaveDevice() {
  forgetUser();
  if ("clearAppBadge" in navigator) navigator.clearAppBadge().catch(() => undefined);
  await Promise.all([
    dropKept(null),
    // The server knows that already; this is for the browser.
    fallSilent().catch((error) => console.warn("This device may still be notified.", error)),
  ]);
}

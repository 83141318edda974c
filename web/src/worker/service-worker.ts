// The service worker: shows notifications and serves the app shell offline. It does not handle API
// requests.
import type { BuildInfo, ToWorker } from "./messages";
import { configurePreload } from "./navigation-preload";
import { notificationData, notificationFor } from "./notification";
import { openOrFocus } from "./open-window";
import { strategyFor } from "./request-strategy";
import { finishPendingResubscribe, resubscribe, syncTag } from "./resubscribe";
import {
  deleteOutdatedCaches,
  entry,
  fetchPage,
  page,
  precache,
  serveAsset,
  serveAvatar,
} from "./shell-cache";

declare const self: ServiceWorkerGlobalScope;

const { origin } = self.location;

self.addEventListener("install", (event) => event.waitUntil(precache()));

self.addEventListener("activate", (event) => {
  event.waitUntil(
    Promise.all([
      deleteOutdatedCaches(),
      configurePreload(self.registration.navigationPreload, self.navigator.userAgent),
      self.clients.claim(),
    ]),
  );
});

self.addEventListener(
  "message",
  ({ data, ports }: { data: ToWorker; ports: readonly MessagePort[] }) => {
    if (data?.kind === "take-over") self.skipWaiting();
    if (data?.kind === "build") ports[0]?.postMessage({ entry: `/${entry}` } satisfies BuildInfo);
  },
);

self.addEventListener("fetch", (event) => {
  const plan = strategyFor(event.request, origin);
  if (plan === "page") event.respondWith(page(event));
  if (plan === "file") event.respondWith(serveAsset(event));
  if (plan === "picture") event.respondWith(serveAvatar(event));
  // Without this, the preload response would be dropped and requested again.
  if (plan === "through") event.respondWith(fetchPage(event));
});

self.addEventListener("push", (event) => event.waitUntil(notify(event.data?.text() ?? "")));

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(
    openOrFocus(self.clients, notificationData(event.notification.data, origin).path, origin),
  );
});

self.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil(resubscribe(self.registration, event));
});

// The network is back. TypeScript does not know the event.
self.addEventListener("sync" as "activate", (event: ExtendableEvent & { tag?: string }) => {
  if (event.tag === syncTag)
    event.waitUntil(finishPendingResubscribe(self.registration.pushManager));
});

async function notify(text: string) {
  // If displayed notifications cannot be read, the next one is still shown.
  const earlier = await self.registration.getNotifications().catch(() => []);
  const { title, options, unread } = notificationFor(text, earlier, origin);
  await Promise.all([self.registration.showNotification(title, options), setBadge(unread)]);
}

/** Sets the app badge. Only installed apps have one. */
async function setBadge(unread: number | null) {
  if (unread === null || !("setAppBadge" in self.navigator)) return;
  const updated = unread > 0 ? self.navigator.setAppBadge(unread) : self.navigator.clearAppBadge();
  await updated.catch(() => undefined);
}

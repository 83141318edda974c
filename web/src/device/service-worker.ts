// The page's side of the service worker: registration, updates and messages.

import type { BuildInfo, PageLocation, ToPage, ToWorker } from "../worker/messages";
import { tagFor } from "../worker/notification";

const scriptUrl = "/service-worker.js";

/** The shortest time between two checks for a new version, in milliseconds. */
const checkInterval = 30 * 60_000;

/** How long a new worker may take to activate before the page reloads anyway, in milliseconds. */
const activationTimeout = 3_000;

/** How often a failed registration is retried: a browser that rejects it keeps doing so. */
const maxAttempts = 5;

type Listener = () => void;

const listeners = new Set<Listener>();
/** A worker of another build than this page. It is waiting, or another tab has activated it. */
let newVersion: ServiceWorker | null = null;
let lastChecked = 0;
let registered: Promise<ServiceWorkerRegistration | null> | undefined;
let failures = 0;
/** Whether the last registration failed and may be retried. */
let hasFailed = false;

/** Null without service workers: on plain HTTP, in some private windows, and during development. */
export function registration(): Promise<ServiceWorkerRegistration | null> {
  registered ??= register();
  return registered;
}

/** Retries a failed registration. Resolves to whether it succeeded this time. */
export async function retryRegistration(): Promise<boolean> {
  if (!hasFailed || failures >= maxAttempts) return false;
  hasFailed = false;
  registered = register();
  return (await registered) !== null;
}

async function register(): Promise<ServiceWorkerRegistration | null> {
  if (import.meta.env.DEV || !("serviceWorker" in navigator)) return null;
  try {
    // The first screen loads first.
    await pageLoaded();
    const found = await navigator.serviceWorker.register(scriptUrl, { updateViaCache: "none" });
    lastChecked = Date.now();
    // The page was just loaded, so nothing is lost by activating the new version.
    if (found.waiting) skipWaiting(found.waiting);
    found.addEventListener("updatefound", () => watchInstall(found.installing));
    watchInstall(found.installing);
    return found;
  } catch (error) {
    console.warn(
      "Failed to register the service worker; the app does not work offline and cannot notify.",
      error,
    );
    failures += 1;
    hasFailed = true;
    return null;
  }
}

function pageLoaded(): Promise<unknown> {
  if (document.readyState === "complete") return Promise.resolve();
  return new Promise((done) => window.addEventListener("load", done, { once: true }));
}

/** A worker that replaces another one waits for `skipWaiting`. */
function watchInstall(worker: ServiceWorker | null) {
  worker?.addEventListener("statechange", async () => {
    if (worker.state === "redundant" && newVersion === worker) setNewVersion(null);
    if (worker.state !== "installed") return;
    // The first worker does not wait.
    if (!navigator.serviceWorker.controller) return;
    // The page may come from the new version already.
    if ((await entryOf(worker)) === ownEntry()) skipWaiting(worker);
    else setNewVersion(worker);
  });
}

/** The entry script of a worker's build; null if it does not answer. */
function entryOf(worker: ServiceWorker): Promise<string | null> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    const finish = (entry: string | null) => {
      clearTimeout(timeout);
      port1.close();
      resolve(entry);
    };
    const timeout = setTimeout(finish, activationTimeout, null);
    port1.onmessage = ({ data }: MessageEvent<BuildInfo>) => finish(data.entry);
    worker.postMessage({ kind: "build" } satisfies ToWorker, [port2]);
  });
}

function ownEntry(): string | null {
  const script = document.querySelector<HTMLScriptElement>("script[type=module][src]");
  return script && new URL(script.src).pathname;
}

function setNewVersion(worker: ServiceWorker | null) {
  if (worker === newVersion) return;
  newVersion = worker;
  for (const listener of listeners) listener();
}

/** Whether there is a version newer than this page. */
export function hasNewVersion(): boolean {
  return newVersion !== null;
}

export function onNewVersion(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Checks for a new version, at most once per interval. `now` skips the interval, after a reconnect:
 * the server may have been updated.
 */
export async function checkForNewVersion(now = false) {
  if (!now && Date.now() - lastChecked < checkInterval) return;
  lastChecked = Date.now();
  // Fails without a network; the next check finds it.
  await (await registration())?.update().catch(() => undefined);
}

/** Activates the new version and reloads. Drafts and unsent messages are stored on the device. */
export function activateNewVersion() {
  const reload = () => window.location.reload();
  // Another tab has activated it.
  if (newVersion?.state !== "installed") return reload();
  const timeout = setTimeout(reload, activationTimeout);
  const onControllerChange = () => {
    // A second reload would restart the first one.
    clearTimeout(timeout);
    reload();
  };
  navigator.serviceWorker.addEventListener("controllerchange", onControllerChange, { once: true });
  skipWaiting(newVersion);
}

function skipWaiting(worker: ServiceWorker) {
  worker.postMessage({ kind: "take-over" } satisfies ToWorker);
}

/** Reports this page's location to the service worker, and navigates when it asks to. */
export function handleWorkerMessages(goTo: (path: string) => void): () => void {
  if (!("serviceWorker" in navigator)) return () => {};
  const answer = ({ data, ports }: MessageEvent<ToPage>) => {
    if (data?.kind === "where") {
      ports[0]?.postMessage({ path: window.location.pathname } satisfies PageLocation);
    }
    if (data?.kind === "open") goTo(data.path);
  };
  navigator.serviceWorker.addEventListener("message", answer);
  navigator.serviceWorker.startMessages();
  return () => navigator.serviceWorker.removeEventListener("message", answer);
}

/** Closes the notifications for a path that is being read. */
export async function closeNotifications(path: string) {
  const found = await registration();
  // Without notification support there is nothing to close.
  const notifications = await found?.getNotifications?.({ tag: tagFor(path) }).catch(() => []);
  for (const notification of notifications ?? []) notification.close();
}

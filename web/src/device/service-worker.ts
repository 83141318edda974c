// The service worker as the page sees it: registered once, asked for newer versions, answered.

import type { BuildInfo, PageLocation, ToPage, ToWorker } from "../worker/messages";
import { tagFor } from "../worker/notification";

const scriptUrl = "/service-worker.js";

/** How often a page that stays open asks for a newer version at most, in milliseconds. */
const checkInterval = 30 * 60_000;

/** How long a new worker may take to begin before the page is loaded anew all the same, in milliseconds. */
const activationTimeout = 3_000;

/** How often a registration that failed is tried again at most: a browser that says no goes on saying it. */
const maxAttempts = 5;

type Listener = () => void;

const listeners = new Set<Listener>();
/** Brings another page than this one. It waits, or another tab has let it begin. */
let newVersion: ServiceWorker | null = null;
let lastChecked = 0;
let registered: Promise<ServiceWorkerRegistration | null> | undefined;
let failures = 0;
/** Whether the last attempt failed, so that another one may be made. */
let hasFailed = false;

/** Null where the browser has none: on plain HTTP, in some private windows, and during development. */
export function registration(): Promise<ServiceWorkerRegistration | null> {
  registered ??= register();
  return registered;
}

/** Tries once more what failed before, as for want of a network. Answers whether there is a worker only now. */
export async function retryRegistration(): Promise<boolean> {
  if (!hasFailed || failures >= maxAttempts) return false;
  hasFailed = false;
  registered = register();
  return (await registered) !== null;
}

async function register(): Promise<ServiceWorkerRegistration | null> {
  if (import.meta.env.DEV || !("serviceWorker" in navigator)) return null;
  try {
    // What the first screen needs comes first.
    await pageLoaded();
    const found = await navigator.serviceWorker.register(scriptUrl, { updateViaCache: "none" });
    lastChecked = Date.now();
    // Whoever has just loaded the page has shown nothing yet that could be lost.
    if (found.waiting) skipWaiting(found.waiting);
    found.addEventListener("updatefound", () => watchInstall(found.installing));
    watchInstall(found.installing);
    return found;
  } catch (error) {
    console.warn("This app can’t be opened without a network, nor notify.", error);
    failures += 1;
    hasFailed = true;
    return null;
  }
}

function pageLoaded(): Promise<unknown> {
  if (document.readyState === "complete") return Promise.resolve();
  return new Promise((done) => window.addEventListener("load", done, { once: true }));
}

/** A worker that replaces another one waits until it is told to. */
function watchInstall(worker: ServiceWorker | null) {
  worker?.addEventListener("statechange", async () => {
    if (worker.state === "redundant" && newVersion === worker) setNewVersion(null);
    if (worker.state !== "installed") return;
    // The first one waits for nobody.
    if (!navigator.serviceWorker.controller) return;
    // The page may have come from the network just now, and be the new version already.
    if ((await entryOf(worker)) === ownEntry()) skipWaiting(worker);
    else setNewVersion(worker);
  });
}

/** The script that a worker's pages begin with; null if it does not say. */
function entryOf(worker: ServiceWorker): Promise<string | null> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    const settle = (entry: string | null) => {
      clearTimeout(late);
      port1.close();
      resolve(entry);
    };
    const late = setTimeout(settle, activationTimeout, null);
    port1.onmessage = ({ data }: MessageEvent<BuildInfo>) => settle(data.entry);
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

/** Whether a new version is there, and this page is not of it. */
export function hasNewVersion(): boolean {
  return newVersion !== null;
}

export function onNewVersion(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Asks the server for a newer version, now and then. `now` after the server was away: it may have come back as another one. */
export async function checkForNewVersion(now = false) {
  if (!now && Date.now() - lastChecked < checkInterval) return;
  lastChecked = Date.now();
  // Without a network there is none; the next question finds it.
  await (await registration())?.update().catch(() => undefined);
}

/** Loads the new version. Drafts and the outbox are on the device, and come back with it. */
export function activateNewVersion() {
  const reload = () => window.location.reload();
  // Another tab was first: there is nobody to wait for.
  if (newVersion?.state !== "installed") return reload();
  const late = setTimeout(reload, activationTimeout);
  const begun = () => {
    // A second reload would begin the first one anew.
    clearTimeout(late);
    reload();
  };
  navigator.serviceWorker.addEventListener("controllerchange", begun, { once: true });
  skipWaiting(newVersion);
}

function skipWaiting(worker: ServiceWorker) {
  worker.postMessage({ kind: "take-over" } satisfies ToWorker);
}

/** Tells the worker where this page is, and goes where a notification leads. */
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

/** Takes the notifications that lead to this page off the screen: it is being read. */
export async function closeNotifications(path: string) {
  const found = await registration();
  // Where there are no notifications there is nothing to close.
  const shown = await found?.getNotifications?.({ tag: tagFor(path) }).catch(() => []);
  for (const notification of shown ?? []) notification.close();
}

// Where a notification leads: to a window that is open, or a new one.
import { chooseWindow, type OpenWindow } from "./choose-window";
import type { PageLocation, ToPage } from "./messages";
import { strategyFor } from "./request-strategy";

/** How long a window has to say where it is, in milliseconds: people wait for the one they called. */
const replyTimeout = 400;

/** How long one that was frozen has, once it is in front and may go on. */
const wakeTimeout = 2_000;

/** As much of a window as is needed. */
export interface AppWindow {
  /** The address that it was loaded from: where a page of the app is now, only the page knows. */
  readonly url: string;
  readonly focused: boolean;
  readonly visibilityState: DocumentVisibilityState;
  focus(): Promise<unknown>;
  /** Browsers allow it only for windows that this worker serves. */
  navigate(url: string): Promise<unknown>;
  postMessage(message: ToPage, transfer?: Transferable[]): void;
}

/** As much of the worker's `Clients` as is needed. */
export interface WindowClients {
  matchAll(options: { type: "window"; includeUncontrolled: true }): Promise<readonly AppWindow[]>;
  openWindow(url: string): Promise<unknown>;
}

/**
 * Shows a page: in a window that is there, without loading it anew, or in a new one. Windows that the browser has put
 * to sleep do not answer; one of them is woken before a second window is opened. Those that it has discarded to save
 * memory are not told of at all: then a new one is all there is.
 */
export async function openOrFocus(clients: WindowClients, path: string, origin: string) {
  const found = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const asked = await Promise.all(found.map((client) => locate(client, replyTimeout)));
  const window = chooseWindow(
    asked.filter((one) => one !== null),
    path,
  );
  if (window) return focusAndNavigate(window.client, window.path, path);
  const asleep = found.find(({ url }) => isAppPage(url, origin));
  if (asleep) await wakeWindow(asleep, path);
  else await clients.openWindow(path);
}

async function focusAndNavigate(client: AppWindow, from: string, to: string) {
  // Where the browser does not let it come to the front, it is at the right page all the same.
  await client.focus().catch(() => undefined);
  if (from !== to) client.postMessage({ kind: "open", path: to });
}

/** Browsers let a worker bring one window to the front for a click: after this one there is no other. */
async function wakeWindow(client: AppWindow, path: string) {
  await client.focus().catch(() => undefined);
  const window = await locate(client, wakeTimeout);
  if (window) {
    if (window.path !== path) client.postMessage({ kind: "open", path });
    return;
  }
  // It may be loading, or stuck: it begins anew where the notification leads. Drafts and the outbox are on the device.
  await client.navigate(path).catch(() => client.postMessage({ kind: "open", path }));
}

function isAppPage(url: string, origin: string): boolean {
  return strategyFor({ method: "GET", mode: "navigate", url }, origin) === "page";
}

/** Null for what does not answer: no page of the app, or one that is asleep or still loading. */
async function locate(client: AppWindow, within: number): Promise<OpenWindow<AppWindow> | null> {
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise<PageLocation | null>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<PageLocation>) => resolve(data);
    setTimeout(() => resolve(null), within);
  });
  client.postMessage({ kind: "where" }, [port2]);
  const where = await answered;
  port1.close();
  if (!where) return null;
  return {
    client,
    path: where.path,
    isFocused: client.focused,
    isVisible: client.visibilityState === "visible",
  };
}

// Opens the path of a notification, in an existing window if possible.
import { chooseWindow, type OpenWindow } from "./choose-window";
import type { PageLocation, ToPage } from "./messages";
import { strategyFor } from "./request-strategy";

/** How long a window has to report its location, in milliseconds. */
const replyTimeout = 400;

/** How long a frozen window has after it got the focus, in milliseconds. */
const wakeTimeout = 2_000;

/** The part of `WindowClient` that is used here. */
export interface AppWindow {
  /** The URL that the window was loaded with. Only its page knows the current one. */
  readonly url: string;
  readonly focused: boolean;
  readonly visibilityState: DocumentVisibilityState;
  focus(): Promise<unknown>;
  /** Allowed only for windows that this service worker controls. */
  navigate(url: string): Promise<unknown>;
  postMessage(message: ToPage, transfer?: Transferable[]): void;
}

/** The part of `Clients` that is used here. */
export interface WindowClients {
  matchAll(options: { type: "window"; includeUncontrolled: true }): Promise<readonly AppWindow[]>;
  openWindow(url: string): Promise<unknown>;
}

/**
 * Shows a path in an existing window, without reloading it, or in a new one. Frozen windows do not
 * answer; one of them is resumed before another window is opened. Discarded windows are not listed,
 * so a new one is opened.
 */
export async function openOrFocus(clients: WindowClients, path: string, origin: string) {
  const found = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const windows = await Promise.all(found.map((client) => locate(client, replyTimeout)));
  const window = chooseWindow(
    windows.filter((one) => one !== null),
    path,
  );
  if (window) return focusAndNavigate(window.client, window.path, path);
  const unresponsive = found.find(({ url }) => isAppPage(url, origin));
  if (unresponsive) await wakeWindow(unresponsive, path);
  else await clients.openWindow(path);
}

async function focusAndNavigate(client: AppWindow, from: string, to: string) {
  // If the browser does not allow focusing, the window navigates anyway.
  await client.focus().catch(() => undefined);
  if (from !== to) client.postMessage({ kind: "open", path: to });
}

/** Browsers allow focusing one window per click, so there is no second try. */
async function wakeWindow(client: AppWindow, path: string) {
  await client.focus().catch(() => undefined);
  const window = await locate(client, wakeTimeout);
  if (window) {
    if (window.path !== path) client.postMessage({ kind: "open", path });
    return;
  }
  // The window is loading or stuck: reload it at the path. Drafts and unsent messages are stored on
  // the device.
  await client.navigate(path).catch(() => client.postMessage({ kind: "open", path }));
}

function isAppPage(url: string, origin: string): boolean {
  return strategyFor({ method: "GET", mode: "navigate", url }, origin) === "page";
}

/** Null if the window does not answer: it shows another page, is frozen or still loading. */
async function locate(client: AppWindow, within: number): Promise<OpenWindow<AppWindow> | null> {
  const { port1, port2 } = new MessageChannel();
  const reply = new Promise<PageLocation | null>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<PageLocation>) => resolve(data);
    setTimeout(() => resolve(null), within);
  });
  client.postMessage({ kind: "where" }, [port2]);
  const where = await reply;
  port1.close();
  if (!where) return null;
  return {
    client,
    path: where.path,
    isFocused: client.focused,
    isVisible: client.visibilityState === "visible",
  };
}

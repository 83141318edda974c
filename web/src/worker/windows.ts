// Which of the open windows a notification leads to.
import type { ToPage, Whereabouts } from "./messages";

/** How long a window has to say where it is, in milliseconds: people wait for the one they called. */
const patience = 400;

/** A window of the app, and what it shows. */
export interface OpenWindow<Client> {
  client: Client;
  path: string;
  isFocused: boolean;
  isVisible: boolean;
}

/** The one that shows the page already; else the one in use; else the one used last. They come in that order. */
export function choose<Client>(
  windows: readonly OpenWindow<Client>[],
  path: string,
): OpenWindow<Client> | undefined {
  const there = windows.filter((window) => window.path === path);
  const among = there.length > 0 ? there : windows;
  return (
    among.find(({ isFocused }) => isFocused) ?? among.find(({ isVisible }) => isVisible) ?? among[0]
  );
}

/** Shows a page: in a window that is there, without loading it anew, or in a new one. */
export async function show(clients: Clients, path: string) {
  const found = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const asked = await Promise.all(found.map(locate));
  const window = choose(
    asked.filter((one) => one !== null),
    path,
  );
  if (!window) {
    await clients.openWindow(path);
    return;
  }
  // Where the browser does not let it come to the front, it is at the right page all the same.
  await window.client.focus().catch(() => undefined);
  if (window.path !== path) window.client.postMessage({ kind: "open", path } satisfies ToPage);
}

/** Null for what does not answer: no page of the app, or one that is still loading. */
async function locate(client: WindowClient): Promise<OpenWindow<WindowClient> | null> {
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise<Whereabouts | null>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<Whereabouts>) => resolve(data);
    setTimeout(() => resolve(null), patience);
  });
  client.postMessage({ kind: "where" } satisfies ToPage, [port2]);
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

// Where a notification leads: to a window that is open, or a new one.
import { choose, type OpenWindow } from "./choose";
import type { ToPage, Whereabouts } from "./messages";

/** How long a window has to say where it is, in milliseconds: people wait for the one they called. */
const patience = 400;

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

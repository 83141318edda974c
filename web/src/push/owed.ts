// Whether the server has yet to hear of this device's new subscription. Kept on the device: the worker, which learns of
// it, ends when the browser wants it to, and whoever has a network next tells the server.
import { notes } from "../worker/names";

const name = "/subscription-owed";

/** The server has to be told. */
export async function noteOwed() {
  await (await caches.open(notes)).put(name, new Response());
}

/** False also where the browser keeps nothing: there nothing was noted either. */
export async function isOwed(): Promise<boolean> {
  if (!("caches" in globalThis)) return false;
  const noted = await caches.match(name, { cacheName: notes }).catch(() => undefined);
  return noted !== undefined;
}

/** The server knows, or there is nothing to tell any more. */
export async function settleOwed() {
  if ("caches" in globalThis) await caches.delete(notes).catch(() => false);
}

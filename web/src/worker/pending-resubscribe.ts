// Whether the server has yet to hear of this device's new subscription. Kept on the device: the worker, which learns of
// it, ends when the browser wants it to, and whoever has a network next tells the server.
import { notes } from "./cache-names";

const name = "/subscription-owed";

/** The server has to be told. Fails where the browser keeps nothing. */
export async function noteOwed() {
  await (await caches.open(notes)).put(name, new Response());
}

export async function isOwed(): Promise<boolean> {
  try {
    return (await caches.match(name, { cacheName: notes })) !== undefined;
  } catch {
    // Where nothing is kept, nothing was noted either.
    return false;
  }
}

/** The server knows, or there is nothing to tell any more. */
export async function settleOwed() {
  try {
    await caches.delete(notes);
  } catch {
    // Nothing was noted either.
  }
}

// What nobody else may find on this device.
import { pictures } from "../worker/cache-names";
import { forgetReading } from "./read-fallback";
import { openKept } from "./response-store";

/** Drops everything that was kept for reading offline, but for one person's; with null, for nobody. */
export async function dropKept(exceptFor: number | null) {
  forgetReading();
  // Where one cannot be dropped, the other still goes.
  for (const result of await Promise.allSettled([dropAnswers(exceptFor), dropPictures()])) {
    if (result.status === "fulfilled") continue;
    console.warn("What was kept for reading offline couldn’t be dropped.", result.reason);
  }
}

async function dropAnswers(exceptFor: number | null) {
  await (await openKept())?.dropAllBut(exceptFor);
}

/** Faces that somebody saw; whoever comes next sees the same ones or not. */
async function dropPictures() {
  if ("caches" in globalThis) await caches.delete(pictures);
}

// What nobody else may find on this device.
import { pictures } from "../worker/names";
import { forgetReading } from "./reading";
import { openKept } from "./store";

/** Drops everything that was kept for reading offline, but for one person's; with null, for nobody. */
export async function dropKept(exceptFor: number | null) {
  forgetReading();
  try {
    await (await openKept())?.dropAllBut(exceptFor);
    // Faces that somebody saw; whoever comes next sees the same ones or not.
    if ("caches" in globalThis) await caches.delete(pictures);
  } catch (error) {
    console.warn("What was kept for reading offline couldn’t be dropped.", error);
  }
}

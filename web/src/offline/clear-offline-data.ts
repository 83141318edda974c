// What nobody else may find on this device.
import { avatarCache } from "../worker/cache-names";
import { resetFallback } from "./read-fallback";
import { openResponseStore } from "./response-store";

/** Drops everything that was kept for reading offline, but for one person's; with null, for nobody. */
export async function clearOfflineData(exceptFor: number | null) {
  resetFallback();
  // Where one cannot be dropped, the other still goes.
  for (const result of await Promise.allSettled([deleteResponses(exceptFor), deleteAvatars()])) {
    if (result.status === "fulfilled") continue;
    console.warn("What was kept for reading offline couldn’t be dropped.", result.reason);
  }
}

async function deleteResponses(exceptFor: number | null) {
  await (await openResponseStore())?.deleteExcept(exceptFor);
}

/** Faces that somebody saw; whoever comes next sees the same ones or not. */
async function deleteAvatars() {
  if ("caches" in globalThis) await caches.delete(avatarCache);
}

// Deletes cached data so that the next user of this device cannot see it.
import { avatarCache } from "../worker/cache-names";
import { resetFallback } from "./read-fallback";
import { openResponseStore } from "./response-store";

/**
 * Deletes everything that is cached for offline use, except the responses of one user; null deletes
 * all.
 */
export async function clearOfflineData(exceptFor: number | null) {
  resetFallback();
  // If one deletion fails, the other still runs.
  for (const result of await Promise.allSettled([deleteResponses(exceptFor), deleteAvatars()])) {
    if (result.status === "fulfilled") continue;
    console.warn("Failed to delete data cached for offline use.", result.reason);
  }
}

async function deleteResponses(exceptFor: number | null) {
  await (await openResponseStore())?.deleteExcept(exceptFor);
}

/** Avatars are not stored by user; the next user loads them again. */
async function deleteAvatars() {
  if ("caches" in globalThis) await caches.delete(avatarCache);
}

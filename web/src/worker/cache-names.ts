// Names of the Cache Storage caches that the service worker and the page share.

const shellPrefix = "campfire-shell-";

/** Avatars, which only signed-in users may see: deleted on sign-out. */
export const avatarCache = "campfire-pictures";

/** Work that the service worker or the page has to finish. */
export const pendingWorkCache = "campfire-notes";

export function shellCacheName(version: string): string {
  return shellPrefix + version;
}

/**
 * The app shell caches to delete: all but the current and the previous one, whose pages may still
 * be open and need files that the server no longer has. `all` is in order of creation.
 */
export function outdatedShellCaches(all: readonly string[], current: string): string[] {
  const others = all.filter((name) => name.startsWith(shellPrefix) && name !== current);
  return others.slice(0, -1);
}

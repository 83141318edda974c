// The names of what is kept on the device, for the worker that keeps it and the page that drops it.

const shellPrefix = "campfire-shell-";

/** Faces of people, which are not for everybody: dropped when somebody signs out. */
export const avatarCache = "campfire-pictures";

/** What the worker and the page have to remind each other of. */
export const pendingWorkCache = "campfire-notes";

export function shellCacheName(version: string): string {
  return shellPrefix + version;
}

/**
 * Which of the kept shells are not needed any more: all but this one and the one before, whose pages may
 * still be open and ask for parts that the server has no more. `all` is in the order of their making.
 */
export function outdatedShellCaches(all: readonly string[], current: string): string[] {
  const others = all.filter((name) => name.startsWith(shellPrefix) && name !== current);
  return others.slice(0, -1);
}

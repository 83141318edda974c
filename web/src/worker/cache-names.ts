// The names of what is kept on the device, for the worker that keeps it and the page that drops it.

const shells = "campfire-shell-";

/** Faces of people, which are not for everybody: dropped when somebody signs out. */
export const pictures = "campfire-pictures";

/** What the worker and the page have to remind each other of. */
export const notes = "campfire-notes";

export function shellNamed(version: string): string {
  return shells + version;
}

/**
 * Which of the kept shells are not needed any more: all but this one and the one before, whose pages may
 * still be open and ask for parts that the server has no more. `all` is in the order of their making.
 */
export function outdated(all: readonly string[], current: string): string[] {
  const others = all.filter((name) => name.startsWith(shells) && name !== current);
  return others.slice(0, -1);
}

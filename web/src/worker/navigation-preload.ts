// Whether a page is asked for while the worker is still starting.

/**
 * Firefox shows its own page of failure when such a request finds no network, whatever the worker answers;
 * and nothing that a worker could ask says so. Its browsers on iPhones are Safari inside, and name themselves so.
 */
export function supportsPreload(userAgent: string): boolean {
  return !/\bFirefox\//.test(userAgent);
}

/** Sets it also where an earlier version has set it otherwise: browsers remember. */
export async function configurePreload(
  preload: NavigationPreloadManager | undefined,
  userAgent: string,
) {
  if (supportsPreload(userAgent)) await preload?.enable();
  else await preload?.disable();
}

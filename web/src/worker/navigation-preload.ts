// Whether the browser requests a page while the service worker starts.

/**
 * Firefox shows its own error page when such a request fails, regardless of the service worker's response,
 * and there is no way to detect that. Firefox on iOS is WebKit and has another user agent.
 */
export function supportsPreload(userAgent: string): boolean {
  return !/\bFirefox\//.test(userAgent);
}

/** Also resets what an earlier version has set, because browsers keep the setting. */
export async function configurePreload(
  preload: NavigationPreloadManager | undefined,
  userAgent: string,
) {
  if (supportsPreload(userAgent)) await preload?.enable();
  else await preload?.disable();
}

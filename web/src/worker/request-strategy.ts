// Decides by URL how the service worker handles a request.

/** The fields of a request that the decision needs. */
export interface RequestInfo {
  readonly method: string;
  readonly mode: string;
  readonly url: string;
}

export type Strategy =
  /** A page of the app: from the network, or the cached app shell. */
  | "page"
  /** A static file: from the cache. */
  | "file"
  /** An avatar or the logo: from the cache, and refreshed in the background. */
  | "picture"
  /** A navigation that is not a page of the app: from the network, using a preload response. */
  | "through"
  /** Not handled, above all API requests. */
  | "leave";

/** Navigations that are not pages of the app. */
const nonPagePath =
  /^\/(api|cable|assets|icons|sounds|rails|qr_code|up|health|ready|metrics|webmanifest|service-worker|favicon\.svg|robots\.txt|account\/logo|account\/styles\.css)(\/|\.|$)/;
const avatarPath = /^\/(users\/[^/]+\/avatar|account\/logo)$/;
const assetPath = /^\/(assets\/.+|icons\/.+|favicon\.svg|account\/styles\.css)$/;

export function strategyFor({ method, mode, url }: RequestInfo, origin: string): Strategy {
  const { origin: requestOrigin, pathname } = new URL(url);
  if (method !== "GET" || requestOrigin !== origin) return "leave";
  if (mode === "navigate") {
    return nonPagePath.test(pathname) || avatarPath.test(pathname) ? "through" : "page";
  }
  if (avatarPath.test(pathname)) return "picture";
  return assetPath.test(pathname) ? "file" : "leave";
}

/** Whether a status means that the server is down behind its proxy, or shutting down. */
export function isUnavailable(status: number): boolean {
  return status >= 502 && status <= 504;
}

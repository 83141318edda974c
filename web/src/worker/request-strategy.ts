// What the worker does about a request, by its address alone.

/** As much of a request as the decision needs. */
export interface RequestInfo {
  readonly method: string;
  readonly mode: string;
  readonly url: string;
}

export type Strategy =
  /** A page of the app: from the network, or the kept shell where there is none. */
  | "page"
  /** A file whose address says its content: kept. */
  | "file"
  /** A face or the account's sign: the kept one at once, and a fresh one for the next time. */
  | "picture"
  /** Opened in a window, and no page of the app: as the network says, which the browser may have asked already. */
  | "through"
  /** None of the worker's business; above all everything that the interface answers. */
  | "leave";

/** What is opened in a window and yet is no page of the app. */
const nonPagePath =
  /^\/(api|cable|assets|icons|sounds|rails|qr_code|up|health|ready|metrics|webmanifest|service-worker|favicon\.svg|robots\.txt|account\/logo|account\/styles\.css)(\/|\.|$)/;
const avatarPath = /^\/(users\/[^/]+\/avatar|account\/logo)$/;
const assetPath = /^\/(assets\/.+|icons\/.+|favicon\.svg|account\/styles\.css)$/;

export function strategyFor({ method, mode, url }: RequestInfo, origin: string): Strategy {
  const { origin: asked, pathname } = new URL(url);
  if (method !== "GET" || asked !== origin) return "leave";
  if (mode === "navigate") {
    return nonPagePath.test(pathname) || avatarPath.test(pathname) ? "through" : "page";
  }
  if (avatarPath.test(pathname)) return "picture";
  return assetPath.test(pathname) ? "file" : "leave";
}

/** Whether an answer to a page means that the server is not there: behind a proxy, or about to stop. */
export function isUnavailable(status: number): boolean {
  return status >= 502 && status <= 504;
}

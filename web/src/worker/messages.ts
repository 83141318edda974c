// Messages between pages and the service worker.

/** From a page. */
export type ToWorker =
  /** Activate now, replacing the previous version. */
  | { kind: "take-over" }
  /** Asks for the worker's build; answered with `BuildInfo` on the port. */
  | { kind: "build" };

export interface BuildInfo {
  /** The path of the entry script of this build. */
  entry: string;
}

/** From the service worker, with a port for the answer. */
export type ToPage =
  /** Answered with `PageLocation`. */
  | { kind: "where" }
  /** Navigate to this path. */
  | { kind: "open"; path: string };

export interface PageLocation {
  /** The path, without query and fragment. */
  path: string;
}

// What a page and the worker say to each other.

/** From a page. */
export type ToWorker =
  /** The version before is left, the new worker may begin. */
  | { kind: "take-over" }
  /** Asks which page the worker came with; answered with `Build` on the port. */
  | { kind: "build" };

export interface BuildInfo {
  /** The address of the script that the page of this build begins with. */
  entry: string;
}

/** From the worker, with a port to answer on. */
export type ToPage =
  /** Answered with `Whereabouts`. */
  | { kind: "where" }
  /** Go to this page. */
  | { kind: "open"; path: string };

export interface PageLocation {
  /** The page that is shown, without what is marked in it. */
  path: string;
}

// What a page and the worker say to each other.

/** From a page: its shown version is left, the new worker may begin. */
export type ToWorker = { kind: "take-over" };

/** From the worker, with a port to answer on. */
export type ToPage =
  /** Answered with `Whereabouts`. */
  | { kind: "where" }
  /** Go to this page. */
  | { kind: "open"; path: string };

export interface Whereabouts {
  /** The page that is shown, without what is marked in it. */
  path: string;
}

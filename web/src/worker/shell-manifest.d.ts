/** The output of the build, defined by `build/worker.ts`. */
declare const __SHELL__: {
  /** Changes whenever a file changes. */
  readonly version: string;
  /** The entry script of this build. */
  readonly entry: string;
  /** The paths of all files that the client needs offline. */
  readonly files: readonly string[];
};

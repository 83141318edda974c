/** What the build made, told to the worker that is built after it. */
declare const __SHELL__: {
  /** Differs whenever a file does. */
  readonly version: string;
  /** The script that the page of this build begins with. */
  readonly entry: string;
  /** The addresses of everything the client may need without a network. */
  readonly files: readonly string[];
};

// What the service worker precaches of a build, and the version of that set.
import { createHash } from "node:crypto";

interface Output {
  name: string;
  content: string | Uint8Array;
}

/** Defined as `__SHELL__`; see `src/worker/shell-manifest.d.ts`. */
export interface Shell {
  version: string;
  entry: string;
  files: string[];
}

/**
 * `outputs` are the files of the build; the precached ones have hashes in their names. `others` are
 * precached and have none.
 */
export function shellOf(
  outputs: readonly (Output & { isEntry: boolean })[],
  others: readonly Output[],
): Shell {
  const entry = outputs.find(({ isEntry }) => isEntry)?.name ?? "";
  const hashed = outputs.map(({ name }) => name).filter((name) => /\.(js|css|woff2)$/.test(name));
  const files = [...hashed.sort(), ...others.map(({ name }) => name)].map((name) => `/${name}`);
  const hash = createHash("sha256").update(files.join());
  // Names without a hash stay the same when the content changes, so the content is hashed.
  const page = outputs.filter(({ name }) => name === "index.html");
  for (const { content } of [...page, ...others]) hash.update("\0").update(content);
  return { version: hash.digest("hex").slice(0, 12), entry, files };
}

// What the service worker keeps of a build, and the build's name.
import { createHash } from "node:crypto";

interface Output {
  name: string;
  content: string | Uint8Array;
}

/** What the worker is told: see `src/worker/shell-manifest.d.ts`. */
export interface Shell {
  version: string;
  entry: string;
  files: string[];
}

/** `outputs` is what the build made, with hashes in the names of what is kept; `others` is kept and has none. */
export function shellOf(
  outputs: readonly (Output & { isEntry: boolean })[],
  others: readonly Output[],
): Shell {
  const entry = outputs.find(({ isEntry }) => isEntry)?.name ?? "";
  const hashed = outputs.map(({ name }) => name).filter((name) => /\.(js|css|woff2)$/.test(name));
  const files = [...hashed.sort(), ...others.map(({ name }) => name)].map((name) => `/${name}`);
  const hash = createHash("sha256").update(files.join());
  // Names without a hash do not tell of a change: what is in them does.
  const page = outputs.filter(({ name }) => name === "index.html");
  for (const { content } of [...page, ...others]) hash.update("\0").update(content);
  return { version: hash.digest("hex").slice(0, 12), entry, files };
}

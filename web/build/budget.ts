import { gzipSync } from "node:zlib";
import type { Plugin, Rollup } from "vite";

/** The size limit of the first screen, in bytes of gzipped JavaScript and CSS. */
const limit = 250 * 1024;

/** Fails the build when the scripts and styles of the first screen exceed their budget. */
export function budget(): Plugin {
  return {
    name: "budget",
    apply: "build",
    enforce: "post",
    generateBundle(_options, bundle) {
      const spent = firstScreen(bundle).reduce((sum, source) => sum + gzipSync(source).length, 0);
      const verdict = `first screen: ${(spent / 1024).toFixed(1)} KB of ${limit / 1024} KB gzipped`;
      if (spent > limit) this.error(verdict);
      this.info(verdict);
    },
  };
}

/** The entry chunks, their static imports, and all style sheets. */
function firstScreen(bundle: Rollup.OutputBundle): (string | Uint8Array)[] {
  const needed = new Set<string>();
  const visit = (name: string) => {
    const chunk = bundle[name];
    if (chunk?.type !== "chunk" || needed.has(name)) return;
    needed.add(name);
    chunk.imports.forEach(visit);
  };
  for (const output of Object.values(bundle)) {
    if (output.type === "chunk" && output.isEntry) visit(output.fileName);
  }
  return Object.values(bundle).flatMap((output) => {
    if (output.type === "chunk") return needed.has(output.fileName) ? [output.code] : [];
    return output.fileName.endsWith(".css") ? [output.source] : [];
  });
}

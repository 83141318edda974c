import { createHash } from "node:crypto";
import { join } from "node:path";
import { build, type Plugin, type Rollup } from "vite";

/** Where Campfire's worker has always been: browsers that know it find the new one there. */
const fileName = "service-worker.js";

/** What is there from `public/` and seen on the first screen. */
const alwaysThere = ["/favicon.svg"];

/**
 * Builds the service worker after everything else, with the list of what it keeps on the device. It is
 * one plain script under one address: not all browsers take modules there, and its name must not change.
 */
export function worker(): Plugin {
  let root = "";
  return {
    name: "worker",
    apply: "build",
    enforce: "post",
    configResolved(config) {
      root = config.root;
    },
    async generateBundle(_options, bundle) {
      const shell = shellOf(bundle);
      if (!shell.entry) this.error("The bundle has no entry that the page begins with.");
      const source = await bundled(join(root, "src/worker/service-worker.ts"), shell);
      this.emitFile({ type: "asset", fileName, source });
      this.info(`the worker keeps ${shell.files.length} files`);
    },
  };
}

function shellOf(bundle: Rollup.OutputBundle) {
  const outputs = Object.values(bundle);
  const entry = outputs.find((output) => output.type === "chunk" && output.isEntry)?.fileName ?? "";
  const files = outputs
    .map(({ fileName }) => fileName)
    .filter((name) => /\.(js|css|woff2)$/.test(name))
    .map((name) => `/${name}`);
  // Names have hashes; the page has none, but what it says may matter.
  const page = outputs.find(({ fileName }) => fileName === "index.html");
  const text = page?.type === "asset" ? page.source : "";
  const hash = createHash("sha256").update(text).update(files.sort().join());
  const version = hash.digest("hex").slice(0, 12);
  return { version, entry, files: [...files, ...alwaysThere] };
}

async function bundled(entry: string, shell: ReturnType<typeof shellOf>): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    define: { __SHELL__: JSON.stringify(shell) },
    build: {
      write: false,
      target: ["chrome120", "safari17.2", "firefox121"],
      modulePreload: false,
      rollupOptions: { input: entry, output: { format: "iife" } },
    },
  });
  const [first] = Array.isArray(built) ? built : [built];
  const chunk = first && "output" in first ? first.output[0] : undefined;
  if (!chunk) throw new Error("the worker came out empty");
  return chunk.code;
}

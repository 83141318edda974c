import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build, type Plugin, type Rollup } from "vite";
import { type Shell, shellOf } from "./shell.ts";

/** The same path as in Campfire, so that installed workers find the update. */
const fileName = "service-worker.js";

/** Files of `public/` that the first screen shows. */
const alwaysThere = ["favicon.svg"];

/**
 * Builds the service worker after everything else, with the list of files to precache. It is a
 * single classic script at a fixed path: not all browsers support module workers.
 */
export function worker(): Plugin {
  let root = "";
  let publicDir = "";
  return {
    name: "worker",
    apply: "build",
    enforce: "post",
    configResolved(config) {
      ({ root, publicDir } = config);
    },
    async generateBundle(_options, bundle) {
      const shell = shellOf(outputsOf(bundle), await filesOf(publicDir));
      if (!shell.entry) this.error("The bundle has no entry that the page begins with.");
      const source = await bundled(join(root, "src/worker/service-worker.ts"), shell);
      this.emitFile({ type: "asset", fileName, source });
      this.info(`the worker keeps ${shell.files.length} files`);
    },
  };
}

function outputsOf(bundle: Rollup.OutputBundle) {
  return Object.values(bundle).map((output) => ({
    name: output.fileName,
    isEntry: output.type === "chunk" && output.isEntry,
    content: output.type === "asset" ? output.source : output.code,
  }));
}

function filesOf(folder: string) {
  const read = async (name: string) => ({ name, content: await readFile(join(folder, name)) });
  return Promise.all(alwaysThere.map(read));
}

async function bundled(entry: string, shell: Shell): Promise<string> {
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
  if (!chunk) throw new Error("the service worker build has no output");
  return chunk.code;
}

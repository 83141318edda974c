import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

const files = ["en/data.json", "en/messages.json"];

/**
 * Adds the emoji data for the picker to the assets; by default the picker loads it from a third
 * party. `__EMOJI_URL__` is its base URL.
 */
export function emoji(): Plugin {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve("emojibase-data/package.json");
  const { version } = require("emojibase-data/package.json") as { version: string };
  // Browsers cache files under /assets/ for ever, so the version is part of the path.
  const folder = `assets/emoji-${version}`;
  return {
    name: "emoji",
    config: () => ({ define: { __EMOJI_URL__: JSON.stringify(`/${folder}`) } }),
    configureServer(server) {
      for (const file of files) {
        server.middlewares.use(`/${folder}/${file}`, (_request, response) => {
          response.setHeader("Content-Type", "application/json");
          createReadStream(join(dirname(manifest), file)).pipe(response);
        });
      }
    },
    async generateBundle() {
      for (const file of files) {
        const source = await readFile(join(dirname(manifest), file));
        this.emitFile({ type: "asset", fileName: `${folder}/${file}`, source });
      }
    },
  };
}

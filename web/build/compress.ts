import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, gzip, constants as zlib } from "node:zlib";
import type { Plugin } from "vite";

const text = /\.(html|js|css|svg|json)$/;

/**
 * Writes a `.br` and a `.gz` next to each text file, so that the server need not compress
 * responses.
 */
export function compress(): Plugin {
  let directory = "";
  return {
    name: "compress",
    apply: "build",
    enforce: "post",
    configResolved(config) {
      directory = join(config.root, config.build.outDir);
    },
    async closeBundle() {
      const names = await readdir(directory, { recursive: true });
      const texts = names.filter((name) => text.test(name));
      await Promise.all(texts.map((name) => compressFile(join(directory, name))));
    },
  };
}

async function compressFile(path: string) {
  const content = await readFile(path);
  const brotli = promisify(brotliCompress)(content, {
    params: { [zlib.BROTLI_PARAM_QUALITY]: zlib.BROTLI_MAX_QUALITY },
  });
  const zipped = promisify(gzip)(content, { level: zlib.Z_BEST_COMPRESSION });
  await Promise.all([writeFile(`${path}.br`, await brotli), writeFile(`${path}.gz`, await zipped)]);
}

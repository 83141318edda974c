// Builds the client into `dist`, which the server carries inside itself: hashed names, nothing inline, compressed once here.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react-swc';
import { defineConfig, type Plugin } from 'vite';

/** What the first screen may weigh, compressed: scripts and styles together. */
const BUDGET = 250 * 1024;

function compress(): Plugin {
  return {
    name: 'compress',
    apply: 'build',
    closeBundle() {
      let first = 0;
      for (const entry of readdirSync('dist', { recursive: true, encoding: 'utf8' })) {
        if (!/\.(js|css|svg|html)$/.test(entry)) continue;
        const path = join('dist', entry);
        const bytes = readFileSync(path);
        const small = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
        writeFileSync(`${path}.br`, small);
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
        first += small.length;
      }
      if (first > BUDGET) throw new Error(`the first screen weighs ${first} bytes compressed, more than ${BUDGET}`);
      console.log(`compressed: ${(first / 1024).toFixed(1)} KiB of ${BUDGET / 1024}`);
    },
  };
}

const server = 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [react(), compress()],
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { '/api': server, '/users': server, '/cable': { target: server, ws: true } } },
});

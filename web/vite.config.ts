import { defineConfig } from "vitest/config";
import { budget } from "./build/budget.ts";
import { compress } from "./build/compress.ts";
import { emoji } from "./build/emoji.ts";
import { withoutTrixStyles } from "./build/trix-styles.ts";
import { worker } from "./build/worker.ts";

/** The address of `campfire serve` during development. */
const server = "http://127.0.0.1:3000";

export default defineConfig({
  plugins: [emoji(), withoutTrixStyles(), compress(), budget(), worker()],
  esbuild: { jsx: "automatic" },
  build: {
    // The oldest supported browsers; see `src/session/browser-support.ts`.
    target: ["chrome120", "safari17.2", "firefox121"],
    // The Content-Security-Policy allows data: URLs, but separate files can be cached and
    // compressed.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      onwarn(warning, warn) {
        // Packages mark client modules for React Server Components, which are not used here.
        if (warning.code !== "MODULE_LEVEL_DIRECTIVE") warn(warning);
      },
    },
  },
  server: {
    proxy: {
      "/api": server,
      "/up": server,
      "/account/logo": server,
      "/webmanifest.json": server,
      "/cable": { target: server, ws: true },
    },
  },
  test: {
    environment: "happy-dom",
    include: ["{src,build}/**/*.test.{ts,tsx}"],
  },
});

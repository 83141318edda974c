import { defineConfig } from "vitest/config";
import { budget } from "./build/budget.ts";
import { compress } from "./build/compress.ts";
import { emoji } from "./build/emoji.ts";
import { withoutTrixStyles } from "./build/trix-styles.ts";
import { worker } from "./build/worker.ts";

/** Where `campfire serve` listens during development. */
const server = "http://127.0.0.1:3000";

export default defineConfig({
  plugins: [emoji(), withoutTrixStyles(), compress(), budget(), worker()],
  esbuild: { jsx: "automatic" },
  build: {
    // The oldest browsers Campfire lets in; older ones are told so by the server.
    target: ["chrome120", "safari17.2", "firefox121"],
    // The policy forbids nothing about data: images, but a file can be cached and compressed on its own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      onwarn(warning, warn) {
        // Packages mark modules for servers that render React. There is none here.
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

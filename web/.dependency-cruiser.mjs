// Which folder of `src` may import which: `npm run check` fails on imports that go up this list, and on cycles.
import { readdirSync } from "node:fs";

/** From the bottom to the top. A folder imports only from folders above its own line. */
const layers = [
  // The texts, and what knows nothing about the product.
  "texts",
  "storage",
  "api",
  "ui",
  "cable",
  // The service worker, and what the device offers to the page.
  "worker",
  "device",
  "offline",
  "session",
  "push",
  "outbox",
  // Domains.
  "sounds",
  "composer",
  "messages",
  "bookmarks",
  "boosts",
  "inbox",
  "rooms",
  "people",
  "account",
  "search",
  "conversation",
  "room-settings",
  "room-page",
  "pings",
  "profile",
  "audit",
  "bots",
  "switcher",
  // What stands around every page, and what only tests use.
  "shell",
  "testing",
];

const folders = readdirSync(new URL("src", import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "styles")
  .map(({ name }) => name);
const unlisted = folders.filter((name) => !layers.includes(name));
if (unlisted.length > 0) throw new Error(`not in the list of layers: ${unlisted.join(", ")}`);

const anyOf = (names) => `^src/(${names.join("|")})/`;

export default {
  forbidden: [
    {
      name: "no-cycle",
      comment: "Files import each other in a circle.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-folder-cycle",
      comment: "Folders import each other in a circle.",
      severity: "error",
      scope: "folder",
      from: {},
      to: { circular: true },
    },
    ...layers.slice(0, -1).map((layer, index) => ({
      name: `${layer}-imports-no-higher-layer`,
      comment: "A folder imports only from folders listed before it in .dependency-cruiser.mjs.",
      severity: "error",
      from: { path: `^src/${layer}/` },
      to: { path: anyOf(layers.slice(index + 1)) },
    })),
    {
      name: "strings-import-only-texts",
      severity: "error",
      from: { path: "^src/strings\\.ts$" },
      to: { path: "^src/", pathNot: "^src/texts/" },
    },
    {
      name: "nothing-imports-the-app",
      severity: "error",
      from: { pathNot: "^src/main\\.tsx$" },
      to: { path: "^src/(app|main)\\.tsx$" },
    },
  ],
  options: {
    exclude: { path: "\\.test\\.tsx?$" },
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    // Imports of types count as well.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: [".ts", ".tsx", ".d.ts", ".mjs", ".js"] },
  },
};

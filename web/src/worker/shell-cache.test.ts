import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { memoryCacheStorage } from "../testing/cache-storage";
import { shellCacheName } from "./cache-names";

const list = {
  version: "v",
  entry: "assets/index-1.js",
  files: ["/assets/index-1.js", "/favicon.svg"],
};
const current = shellCacheName("v");

/** The network's response to every request; null for a failure. */
let network: (() => Response) | null;
let storage: ReturnType<typeof memoryCacheStorage>;

const pageOf = (entry: string) => new Response(`<script src="/${entry}"></script>`);

beforeEach(() => {
  vi.resetModules();
  vi.spyOn(console, "warn").mockImplementation(() => {});
  network = () => pageOf(list.entry);
  const answer = () => {
    if (!network) throw new TypeError("no network");
    return network();
  };
  storage = memoryCacheStorage(answer);
  vi.stubGlobal("__SHELL__", list);
  vi.stubGlobal("caches", storage);
  vi.stubGlobal(
    "fetch",
    vi.fn(async () => answer()),
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const asking = (path: string, preloaded?: Response) => ({
  request: new Request(new URL(path, window.location.origin)),
  preloadResponse: Promise.resolve(preloaded),
  waitUntil: vi.fn(),
});

it("serves a page offline once everything is cached", async () => {
  const { precache, page } = await import("./shell-cache");
  await precache();
  network = null;
  expect(await (await page(asking("/rooms/7"))).text()).toContain(list.entry);
});

it("caches nothing if a file is missing", async () => {
  const { precache } = await import("./shell-cache");
  network = () => pageOf("assets/index-2.js");
  await precache();
  expect(await storage.keys()).toEqual([]);
});

it("keeps the cache that a worker of the same build uses when another one fails to install", async () => {
  const { precache } = await import("./shell-cache");
  await precache();
  network = null;
  await precache();
  expect(await storage.keys()).toEqual([current]);
  network = () => pageOf("assets/index-2.js");
  await precache();
  expect(await (await storage.match("/", { cacheName: current }))?.text()).toContain(list.entry);
});

it("uses the preload response, or requests once without one", async () => {
  const { fetchPage } = await import("./shell-cache");
  const ahead = new Response("ahead");
  expect(await fetchPage(asking("/api/docs", ahead))).toBe(ahead);
  expect(fetch).not.toHaveBeenCalled();
  await fetchPage(asking("/api/docs"));
  expect(fetch).toHaveBeenCalledOnce();
});

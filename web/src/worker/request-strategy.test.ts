import { expect, it } from "vitest";
import { outdatedShellCaches, shellCacheName } from "./cache-names";
import { isUnavailable, type Strategy, strategyFor } from "./request-strategy";

const origin = "https://chat.example.com";
const strategy = (path: string, mode = "navigate", method = "GET") =>
  strategyFor({ method, mode, url: new URL(path, origin).href }, origin);

it.each([
  "/",
  "/rooms/1",
  "/rooms/1/@42",
  "/searches?q=x",
  "/users/me/profile",
  "/users/7",
  "/inbox",
])("serves %s offline", (path) => expect(strategy(path)).toBe("page"));

it.each([
  "/api/docs",
  "/api/v1/rooms",
  "/up",
  "/health/detailed",
  "/metrics",
  "/account/logo",
  "/account/styles.css?v=1",
  "/qr_code/abc",
  "/rails/active_storage/blobs/redirect/x/y.png",
  "/service-worker.js",
  "/webmanifest.json",
  "/users/abc--def/avatar",
])("leaves %s to the network", (path) => expect(strategy(path)).toBe("through"));

it.each<[string, Strategy]>([
  ["/assets/index-abc.js", "file"],
  ["/icons/badge-96.png", "file"],
  ["/account/styles.css?v=1", "file"],
  ["/users/abc--def/avatar?v=1", "picture"],
  ["/account/logo?size=small", "picture"],
  ["/sounds/bell.flac", "leave"],
  ["/api/v1/rooms/1/messages", "leave"],
  ["/rooms/1/messages", "leave"],
])("plans %s as a part of a page: %s", (path, plan) => expect(strategy(path, "cors")).toBe(plan));

it("ignores requests that change something, and other origins", () => {
  expect(strategy("/session", "navigate", "POST")).toBe("leave");
  expect(strategy("https://example.com/assets/x.js", "cors")).toBe("leave");
  expect(strategy("https://example.com/", "navigate")).toBe("leave");
});

it("recognizes responses of a server that is down", () => {
  expect([502, 503, 504].map(isUnavailable)).toEqual([true, true, true]);
  expect([200, 404, 500].map(isUnavailable)).toEqual([false, false, false]);
});

it("keeps the current app shell and the previous one", () => {
  const names = ["campfire-shell-a", "campfire-pictures", "campfire-shell-b", shellCacheName("c")];
  expect(outdatedShellCaches(names, shellCacheName("c"))).toEqual(["campfire-shell-a"]);
  expect(outdatedShellCaches([shellCacheName("c")], shellCacheName("c"))).toEqual([]);
});

import { expect, it } from "vitest";
import { helpFor } from "../push/help";
import { decodeVapidKey, isSameKey } from "../worker/vapid-key";
import { type Platform, platformOf } from "./platform";
import { canUserChange, type PushFacts, pushStateOf } from "./push-state";

const able: PushFacts = {
  isOffered: true,
  isSecure: true,
  canPush: true,
  system: "linux",
  isInstalled: false,
  permission: "granted",
  isSubscribed: true,
};

it.each<[string, Partial<PushFacts>]>([
  ["on", {}],
  ["off", { isSubscribed: false }],
  ["off", { permission: "default", isSubscribed: false }],
  // The permission was revoked, so the subscription is useless.
  ["denied", { permission: "denied" }],
  ["unsupported", { canPush: false }],
  ["install_first", { canPush: false, system: "ios" }],
  ["unsupported", { canPush: false, system: "ios", isInstalled: true }],
  ["insecure", { isSecure: false, canPush: false }],
  ["switched_off", { isOffered: false }],
])("is %s", (state, facts) => expect(pushStateOf({ ...able, ...facts })).toBe(state));

it("prompts only when the user can do something", () => {
  expect(canUserChange("off")).toBe(true);
  expect(canUserChange("denied")).toBe(true);
  expect(canUserChange("on")).toBe(false);
  expect(canUserChange("unsupported")).toBe(false);
});

it("decodes the server's key and compares it", () => {
  const bytes = decodeVapidKey("BP_-AQ");
  expect([...bytes]).toEqual([4, 255, 254, 1]);
  expect(isSameKey(bytes.buffer, decodeVapidKey("BP_-AQ"))).toBe(true);
  expect(isSameKey(bytes.buffer, decodeVapidKey("BP_-Ag"))).toBe(false);
  expect(isSameKey(null, bytes)).toBe(false);
});

const names = (platform: Platform, isInstalled = false) =>
  helpFor(platform, isInstalled).map(({ name }) => name);

it("chooses instructions for the device", () => {
  expect(names({ browser: "chrome", system: "linux" })).toEqual(["browser"]);
  expect(names({ browser: "chrome", system: "windows" }, true)).toEqual(["browser", "system"]);
  expect(names({ browser: "edge", system: "windows" })).toEqual(["browser", "install"]);
  expect(names({ browser: "safari", system: "macos" })).toEqual(["browser", "install"]);
  expect(names({ browser: "safari", system: "ios" })).toEqual(["install"]);
  expect(names({ browser: "safari", system: "ios" }, true)).toEqual(["system"]);
  expect(names({ browser: "other", system: "other" })).toEqual(["browser"]);
  for (const { steps } of helpFor({ browser: "firefox", system: "android" }, true)) {
    expect(steps.length).toBeGreaterThan(1);
  }
});

it.each<[string, number, Platform]>([
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1",
    5,
    { browser: "safari", system: "ios" },
  ],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.5 Safari/605.1.15",
    5,
    { browser: "safari", system: "ios" },
  ],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.5 Safari/605.1.15",
    0,
    { browser: "safari", system: "macos" },
  ],
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
    0,
    { browser: "edge", system: "windows" },
  ],
  [
    "Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0",
    5,
    { browser: "firefox", system: "android" },
  ],
  [
    "Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0.0.0 Safari/537.36",
    0,
    { browser: "chrome", system: "linux" },
  ],
])("knows %s", (agent, touchPoints, platform) => {
  expect(platformOf(agent, touchPoints)).toEqual(platform);
});

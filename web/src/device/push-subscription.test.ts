import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Problem, Unreachable } from "../api/problem";
import type { PushDevice, Status } from "../api/types";
import { keptCaches } from "../testing/cache-storage";
import { isOwed, noteOwed } from "../worker/pending-resubscribe";
import { agree, fallSilent, look, turnOff, turnOn } from "./push-subscription";

const http = vi.hoisted(() => ({ GET: vi.fn(), POST: vi.fn(), DELETE: vi.fn() }));
const worker = vi.hoisted(() => ({ registration: vi.fn() }));
vi.mock("../api/client", () => ({ api: http, answer: (given: unknown) => given }));
vi.mock("./service-worker", () => worker);

const key = "BP8";
const status = { features: { push: true }, vapid_public_key: key } as Status;

let current: ReturnType<typeof subscription> | null;

function subscription(bytes = [4, 255]) {
  return {
    endpoint: "https://push.example.com/x",
    options: { applicationServerKey: new Uint8Array(bytes).buffer },
    toJSON: () => ({ endpoint: "https://push.example.com/x", keys: { p256dh: "p", auth: "a" } }),
    unsubscribe: vi.fn(async () => {
      current = null;
      return true;
    }),
  };
}

const listed = (updated: number): PushDevice => ({
  id: 7,
  current: true,
  endpoint_host: "push.example.com",
  created_at: new Date(updated).toISOString(),
  updated_at: new Date(updated).toISOString(),
});

/** The browser, whose reader answers the question for permission like this. */
function browser(permission: NotificationPermission) {
  const pushManager = {
    getSubscription: async () => current,
    subscribe: vi.fn(async () => {
      current = subscription();
      return current;
    }),
  };
  const found = { pushManager };
  worker.registration.mockResolvedValue(found);
  vi.stubGlobal("Notification", { permission, requestPermission: async () => permission });
  vi.stubGlobal("PushManager", class {});
  vi.stubGlobal("isSecureContext", true);
  Object.defineProperty(navigator, "serviceWorker", {
    value: { ready: Promise.resolve(found) },
    configurable: true,
  });
  return pushManager;
}

beforeEach(() => {
  current = null;
  vi.stubGlobal("caches", keptCaches());
  vi.spyOn(console, "warn").mockImplementation(() => {});
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetAllMocks();
  Reflect.deleteProperty(navigator, "serviceWorker");
});

it("is turned on, and off again", async () => {
  browser("granted");
  expect((await look(status)).state).toBe("off");
  http.POST.mockResolvedValue({});
  await turnOn(status);
  expect(http.POST).toHaveBeenCalledWith("/api/v1/push_subscriptions", {
    body: { endpoint: "https://push.example.com/x", keys: { p256dh: "p", auth: "a" } },
  });
  expect(await look(status)).toEqual({ state: "on", endpoint: "https://push.example.com/x" });
  http.GET.mockResolvedValue([listed(Date.now())]);
  await turnOff();
  expect(http.DELETE).toHaveBeenCalledWith("/api/v1/push_subscriptions/{id}", {
    params: { path: { id: 7 } },
  });
  expect((await look(status)).state).toBe("off");
});

it("does not subscribe without permission", async () => {
  const push = browser("denied");
  await turnOn(status);
  expect(push.subscribe).not.toHaveBeenCalled();
  expect((await look(status)).state).toBe("denied");
});

it("does not look on while the server knows nothing of it", async () => {
  browser("granted");
  http.POST.mockRejectedValue(new Unreachable());
  await expect(turnOn(status)).rejects.toThrow(Unreachable);
  expect((await look(status)).state).toBe("off");
});

it("says so when the browser gives no subscription", async () => {
  browser("granted").subscribe.mockRejectedValue(new DOMException("no service", "AbortError"));
  await expect(turnOn(status)).rejects.toThrow(/notification service/);
});

it("takes a new subscription when the server has a new key", async () => {
  const push = browser("granted");
  current = subscription([4, 1]);
  const old = current;
  await agree(status);
  expect(old.unsubscribe).toHaveBeenCalledOnce();
  expect(push.subscribe).toHaveBeenCalledOnce();
  expect(http.POST).toHaveBeenCalledOnce();
});

it("falls silent when it was removed elsewhere, and is heard of once a day", async () => {
  browser("granted");
  current = subscription();
  http.GET.mockResolvedValue([listed(Date.now() - 60_000)]);
  await agree(status);
  expect(http.POST).not.toHaveBeenCalled();
  http.GET.mockResolvedValue([listed(Date.now() - 25 * 60 * 60_000)]);
  await agree(status);
  expect(http.POST).toHaveBeenCalledOnce();
  http.GET.mockResolvedValue([]);
  await agree(status);
  expect(current).toBeNull();
});

it("tells of the subscription that the browser gave while there was no network", async () => {
  browser("granted");
  await noteOwed();
  current = subscription();
  http.POST.mockRejectedValueOnce(new Unreachable());
  await expect(agree(status)).rejects.toThrow(Unreachable);
  expect([await isOwed(), current !== null]).toEqual([true, true]);
  await agree(status);
  expect(http.POST).toHaveBeenCalledTimes(2);
  expect(current).not.toBeNull();
  expect(await isOwed()).toBe(false);
});

it("subscribes in place of what the browser took away, unless the server refuses", async () => {
  const push = browser("granted");
  await noteOwed();
  await agree(status);
  expect(push.subscribe).toHaveBeenCalledOnce();
  await noteOwed();
  http.POST.mockRejectedValue(new Problem(422, "no such service"));
  await agree(status);
  expect([await isOwed(), current]).toEqual([false, null]);
});

it("owes nothing any more where nobody is signed in", async () => {
  browser("granted");
  Object.assign(navigator.serviceWorker, { getRegistration: async () => undefined });
  await noteOwed();
  await fallSilent();
  expect(await isOwed()).toBe(false);
});

it("does without what the browser does not keep", async () => {
  const broken = () => {
    throw new DOMException("denied", "SecurityError");
  };
  vi.stubGlobal("caches", { open: broken, match: broken, delete: broken });
  browser("granted");
  current = subscription();
  const getRegistration = async () => ({
    pushManager: { getSubscription: async () => current },
    getNotifications: async () => [],
  });
  Object.assign(navigator.serviceWorker, { getRegistration });
  expect(await isOwed()).toBe(false);
  await fallSilent();
  expect(current).toBeNull();
});

it("cannot be where there is no worker, or where the operator wants none", async () => {
  browser("granted");
  worker.registration.mockResolvedValue(null);
  expect((await look(status)).state).toBe("unsupported");
  const off = { features: { push: false }, vapid_public_key: null } as Status;
  expect((await look(off)).state).toBe("switched_off");
});

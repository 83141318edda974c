import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Problem, Unreachable } from "../api/problem";
import type { PushDevice, Status } from "../api/types";
import { memoryCacheStorage } from "../testing/cache-storage";
import { isResubscribePending, setResubscribePending } from "../worker/pending-resubscribe";
import {
  disablePush,
  enablePush,
  getDevicePush,
  syncSubscription,
  unsubscribeDevice,
} from "./push-subscription";

const http = vi.hoisted(() => ({ GET: vi.fn(), POST: vi.fn(), DELETE: vi.fn() }));
const worker = vi.hoisted(() => ({ registration: vi.fn() }));
vi.mock("../api/client", () => ({ api: http, unwrap: (given: unknown) => given }));
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

/** A browser whose user answers the permission prompt like this. */
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
  vi.stubGlobal("caches", memoryCacheStorage());
  vi.spyOn(console, "warn").mockImplementation(() => {});
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetAllMocks();
  Reflect.deleteProperty(navigator, "serviceWorker");
});

it("turns on and off", async () => {
  browser("granted");
  expect((await getDevicePush(status)).state).toBe("off");
  http.POST.mockResolvedValue({});
  await enablePush(status);
  expect(http.POST).toHaveBeenCalledWith("/api/v1/push_subscriptions", {
    body: { endpoint: "https://push.example.com/x", keys: { p256dh: "p", auth: "a" } },
  });
  expect(await getDevicePush(status)).toEqual({
    state: "on",
    endpoint: "https://push.example.com/x",
  });
  http.GET.mockResolvedValue([listed(Date.now())]);
  await disablePush();
  expect(http.DELETE).toHaveBeenCalledWith("/api/v1/push_subscriptions/{id}", {
    params: { path: { id: 7 } },
  });
  expect((await getDevicePush(status)).state).toBe("off");
});

it("does not subscribe without permission", async () => {
  const push = browser("denied");
  await enablePush(status);
  expect(push.subscribe).not.toHaveBeenCalled();
  expect((await getDevicePush(status)).state).toBe("denied");
});

it("is off while the server does not know the subscription", async () => {
  browser("granted");
  http.POST.mockRejectedValue(new Unreachable());
  await expect(enablePush(status)).rejects.toThrow(Unreachable);
  expect((await getDevicePush(status)).state).toBe("off");
});

it("reports that the browser rejected the subscription", async () => {
  browser("granted").subscribe.mockRejectedValue(new DOMException("no service", "AbortError"));
  await expect(enablePush(status)).rejects.toThrow(/notification service/);
});

it("resubscribes when the server has a new key", async () => {
  const push = browser("granted");
  current = subscription([4, 1]);
  const old = current;
  await syncSubscription(status);
  expect(old.unsubscribe).toHaveBeenCalledOnce();
  expect(push.subscribe).toHaveBeenCalledOnce();
  expect(http.POST).toHaveBeenCalledOnce();
});

it("unsubscribes when removed elsewhere, and refreshes once a day", async () => {
  browser("granted");
  current = subscription();
  http.GET.mockResolvedValue([listed(Date.now() - 60_000)]);
  await syncSubscription(status);
  expect(http.POST).not.toHaveBeenCalled();
  http.GET.mockResolvedValue([listed(Date.now() - 25 * 60 * 60_000)]);
  await syncSubscription(status);
  expect(http.POST).toHaveBeenCalledOnce();
  http.GET.mockResolvedValue([]);
  await syncSubscription(status);
  expect(current).toBeNull();
});

it("registers the subscription that the browser created while offline", async () => {
  browser("granted");
  await setResubscribePending();
  current = subscription();
  http.POST.mockRejectedValueOnce(new Unreachable());
  await expect(syncSubscription(status)).rejects.toThrow(Unreachable);
  expect([await isResubscribePending(), current !== null]).toEqual([true, true]);
  await syncSubscription(status);
  expect(http.POST).toHaveBeenCalledTimes(2);
  expect(current).not.toBeNull();
  expect(await isResubscribePending()).toBe(false);
});

it("resubscribes for a lost subscription, unless the server rejects it", async () => {
  const push = browser("granted");
  await setResubscribePending();
  await syncSubscription(status);
  expect(push.subscribe).toHaveBeenCalledOnce();
  await setResubscribePending();
  http.POST.mockRejectedValue(new Problem(422, "no such service"));
  await syncSubscription(status);
  expect([await isResubscribePending(), current]).toEqual([false, null]);
});

it("has nothing pending after signing out", async () => {
  browser("granted");
  Object.assign(navigator.serviceWorker, { getRegistration: async () => undefined });
  await setResubscribePending();
  await unsubscribeDevice();
  expect(await isResubscribePending()).toBe(false);
});

it("works without storage", async () => {
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
  expect(await isResubscribePending()).toBe(false);
  await unsubscribeDevice();
  expect(current).toBeNull();
});

it("is unsupported without a service worker, and disabled by the operator", async () => {
  browser("granted");
  worker.registration.mockResolvedValue(null);
  expect((await getDevicePush(status)).state).toBe("unsupported");
  const off = { features: { push: false }, vapid_public_key: null } as Status;
  expect((await getDevicePush(off)).state).toBe("switched_off");
});

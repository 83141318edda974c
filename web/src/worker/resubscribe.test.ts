import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { memoryCacheStorage } from "../testing/cache-storage";
import { isResubscribePending } from "./pending-resubscribe";
import { finishPendingResubscribe, resubscribe } from "./resubscribe";

function subscription(endpoint: string) {
  const applicationServerKey = new Uint8Array([4, 1]).buffer;
  return {
    endpoint,
    options: { applicationServerKey },
    toJSON: () => ({ endpoint, keys: { p256dh: "p", auth: "a" } }),
    unsubscribe: vi.fn(async () => true),
  };
}

function manager(fresh: ReturnType<typeof subscription>) {
  return { subscribe: vi.fn(async () => fresh), getSubscription: async () => fresh };
}

/** The server's endpoint for subscriptions, and its response. */
function server(status: number) {
  const registered: { path: string; body: unknown }[] = [];
  vi.stubGlobal("fetch", async (path: string, init?: RequestInit) => {
    if (path === "/api/v1/status") return Response.json({ vapid_public_key: "BP8" });
    registered.push({ path, body: JSON.parse(String(init?.body)) });
    return new Response(null, { status });
  });
  return registered;
}

type Args = Parameters<typeof resubscribe>;
const run = (push: object, change: object, sync = { register: vi.fn(async () => {}) }) =>
  resubscribe({ pushManager: push, sync } as unknown as Args[0], change as Args[1]);

beforeEach(() => {
  vi.stubGlobal("caches", memoryCacheStorage());
  vi.spyOn(console, "warn").mockImplementation(() => {});
});
afterEach(() => vi.unstubAllGlobals());

const registered = (endpoint: string) => ({
  path: "/api/v1/push_subscriptions",
  body: { endpoint, keys: { p256dh: "p", auth: "a" } },
});

it("registers the subscription that the browser created in place of the old one", async () => {
  const requests = server(201);
  const push = manager(subscription("unused"));
  await run(push, { newSubscription: subscription("new") });
  expect(push.subscribe).not.toHaveBeenCalled();
  expect(requests).toEqual([registered("new")]);
});

it("subscribes with the old key, or asks the server for it", async () => {
  const requests = server(200);
  const push = manager(subscription("new"));
  const old = subscription("old");
  await run(push, { oldSubscription: old });
  const { applicationServerKey } = old.options;
  expect(push.subscribe).toHaveBeenCalledWith({ userVisibleOnly: true, applicationServerKey });
  await run(push, {});
  expect(push.subscribe).toHaveBeenLastCalledWith({
    userVisibleOnly: true,
    applicationServerKey: new Uint8Array([4, 255]),
  });
  expect(requests).toHaveLength(2);
});

it("unsubscribes when signed out", async () => {
  server(401);
  const fresh = subscription("new");
  await run(manager(fresh), {});
  expect(fresh.unsubscribe).toHaveBeenCalledOnce();
});

it("stores a failed registration and finishes it on a sync event", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
  const push = manager(subscription("new"));
  const register = vi.fn(async () => {});
  await run(push, { newSubscription: subscription("new") }, { register });
  expect(register).toHaveBeenCalledOnce();
  expect(await isResubscribePending()).toBe(true);
  server(503);
  await expect(finishPendingResubscribe(push as unknown as PushManager)).rejects.toThrow("503");
  const requests = server(201);
  await finishPendingResubscribe(push as unknown as PushManager);
  await finishPendingResubscribe(push as unknown as PushManager);
  expect(requests).toEqual([registered("new")]);
  expect(await isResubscribePending()).toBe(false);
});

it("gives up when the permission was revoked", async () => {
  server(201);
  const push = manager(subscription("new"));
  push.subscribe.mockRejectedValue(new DOMException("no", "NotAllowedError"));
  await run(push, { oldSubscription: subscription("old") });
  expect(await isResubscribePending()).toBe(false);
});

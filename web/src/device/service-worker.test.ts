import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { BuildInfo } from "../worker/messages";

/** A worker of this build or another; the test sets its state. */
class Worker extends EventTarget {
  state: ServiceWorkerState = "installing";
  readonly messages: string[] = [];

  postMessage({ kind }: { kind: string }, [port]: MessagePort[] = []) {
    this.messages.push(kind);
    if (kind === "build") port?.postMessage({ entry: "/assets/tomorrow.js" } satisfies BuildInfo);
  }

  become(state: ServiceWorkerState) {
    this.state = state;
    this.dispatchEvent(new Event("statechange"));
  }
}

class Registration extends EventTarget {
  waiting: Worker | null = null;
  installing: Worker | null = null;

  find(worker: Worker) {
    this.installing = worker;
    this.dispatchEvent(new Event("updatefound"));
  }
}

const reload = vi.fn();
let container: EventTarget & { controller: object; register: () => Promise<Registration> };
let found: Registration;

beforeEach(() => {
  vi.stubEnv("DEV", false);
  vi.resetModules();
  found = new Registration();
  container = Object.assign(new EventTarget(), { controller: {}, register: async () => found });
  Object.defineProperty(navigator, "serviceWorker", { value: container, configurable: true });
  vi.spyOn(window.location, "reload").mockImplementation(reload);
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  reload.mockReset();
  Reflect.deleteProperty(navigator, "serviceWorker");
});

/** The module, after a newer worker was installed. */
async function updated() {
  const page = await import("./service-worker");
  await page.registration();
  const worker = new Worker();
  found.find(worker);
  worker.become("installed");
  await vi.waitFor(() => expect(page.hasNewVersion()).toBe(true));
  return { page, worker };
}

it("activates the new version on request and reloads once", async () => {
  const { page, worker } = await updated();
  vi.useFakeTimers();
  page.activateNewVersion();
  expect(worker.messages).toContain("take-over");
  expect(reload).not.toHaveBeenCalled();
  container.dispatchEvent(new Event("controllerchange"));
  vi.advanceTimersByTime(60_000);
  vi.useRealTimers();
  expect(reload).toHaveBeenCalledOnce();
});

it("keeps offering a version that another tab has activated, and reloads at once", async () => {
  const { page, worker } = await updated();
  worker.become("activating");
  worker.become("activated");
  expect(page.hasNewVersion()).toBe(true);
  page.activateNewVersion();
  expect(reload).toHaveBeenCalledOnce();
  expect(worker.messages).not.toContain("take-over");
});

it("does not offer a version that became redundant", async () => {
  const { page, worker } = await updated();
  worker.become("redundant");
  expect(page.hasNewVersion()).toBe(false);
});

it("retries a failed registration a limited number of times", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const register = vi.fn(() => Promise.reject(new TypeError("no network")));
  Object.assign(container, { register });
  const page = await import("./service-worker");
  expect(await page.registration()).toBeNull();
  expect(await page.registration()).toBeNull();
  expect(register).toHaveBeenCalledOnce();
  Object.assign(container, { register: async () => found });
  expect(await page.retryRegistration()).toBe(true);
  expect(await page.registration()).toBe(found);
  expect(await page.retryRegistration()).toBe(false);
});

it("gives up when the browser keeps rejecting", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const register = vi.fn(() => Promise.reject(new DOMException("no", "SecurityError")));
  Object.assign(container, { register });
  const page = await import("./service-worker");
  await page.registration();
  for (let time = 0; time < 20; time += 1) await page.retryRegistration();
  expect(register).toHaveBeenCalledTimes(5);
});

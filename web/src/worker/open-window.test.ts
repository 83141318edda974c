import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ToPage } from "./messages";
import { type AppWindow, openOrFocus } from "./open-window";

const origin = "https://chat.example.com";

/** A window at a path. A frozen one answers once it has the focus; a stuck one never does. */
function aWindow(path: string, sleep: "awake" | "frozen" | "stuck" = "awake") {
  let isAwake = sleep === "awake";
  const opened: string[] = [];
  return {
    url: origin + path,
    focused: false,
    visibilityState: "hidden" as const,
    opened,
    focus: vi.fn(async () => {
      isAwake ||= sleep === "frozen";
    }),
    navigate: vi.fn(async (_path: string) => {}),
    postMessage: (message: ToPage, [port]: Transferable[] = []) => {
      if (!isAwake) return;
      if (message.kind === "where") (port as MessagePort).postMessage({ path });
      else opened.push(message.path);
    },
  } satisfies AppWindow & { opened: string[] };
}

function clientsOf(...windows: AppWindow[]) {
  return { matchAll: async () => windows, openWindow: vi.fn(async () => null) };
}

/** Clicks a notification for a path, and advances past all timeouts. */
async function open(clients: ReturnType<typeof clientsOf>, path: string) {
  let isOver = false;
  const opened = openOrFocus(clients, path, origin).finally(() => {
    isOver = true;
  });
  while (!isOver) {
    // Messages are delivered between turns of the real clock.
    await new Promise((turn) => setImmediate(turn));
    await vi.advanceTimersByTimeAsync(50);
  }
  await opened;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
});
afterEach(() => vi.useRealTimers());

it("navigates a window that answers, not a frozen one", async () => {
  const [awake, frozen] = [aWindow("/rooms/1"), aWindow("/rooms/2", "frozen")];
  const clients = clientsOf(frozen, awake);
  await open(clients, "/rooms/2");
  expect([awake.opened, frozen.focus.mock.calls]).toEqual([["/rooms/2"], []]);
  expect(clients.openWindow).not.toHaveBeenCalled();
});

it("resumes a frozen window before it opens a second one", async () => {
  const frozen = aWindow("/rooms/1", "frozen");
  const clients = clientsOf(frozen);
  await open(clients, "/rooms/2");
  expect(frozen.focus).toHaveBeenCalledOnce();
  expect(frozen.opened).toEqual(["/rooms/2"]);
  expect(frozen.navigate).not.toHaveBeenCalled();
  expect(clients.openWindow).not.toHaveBeenCalled();
});

it("reloads a window that does not resume", async () => {
  const stuck = aWindow("/rooms/1", "stuck");
  const clients = clientsOf(stuck);
  await open(clients, "/rooms/2");
  expect(stuck.navigate).toHaveBeenCalledWith("/rooms/2");
  expect(clients.openWindow).not.toHaveBeenCalled();
});

it("opens a window if the app has none", async () => {
  const documentation = aWindow("/api/docs", "stuck");
  const clients = clientsOf(documentation);
  await open(clients, "/rooms/2");
  expect(clients.openWindow).toHaveBeenCalledWith("/rooms/2");
  expect(documentation.focus).not.toHaveBeenCalled();
});

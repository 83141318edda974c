import { MemoryRouter } from "react-router";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { words } from "../strings";
import { emptyPages, settled } from "../testing/page";
import { OfflineSign } from "./offline-banner";

const around = vi.hoisted(() => ({ isOffline: false, isFragile: false, kept: new Map() }));
vi.mock("../offline/use-is-offline", () => ({ useIsOffline: () => around.isOffline }));
vi.mock("../outbox/context", () => ({ useIsFragile: () => around.isFragile }));
vi.mock("../offline/read-fallback", () => ({
  useKeptSince: (key: readonly unknown[]) => around.kept.get(key.join("/")) ?? null,
}));

const { show } = emptyPages();

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(around, { isOffline: false, isFragile: false, kept: new Map() });
});
afterEach(() => vi.useRealTimers());

/** What it says at this page. */
function at(path: string): string {
  const page = show(
    <MemoryRouter key={path} initialEntries={[path]}>
      <OfflineSign />
    </MemoryRouter>,
  );
  return page.textContent ?? "";
}

it.each(["/", "/inbox", "/searches?q=x", "/rooms/opens/7/edit", "/rooms/7/@42"])(
  "says at %s that there is no network",
  (path) => {
    expect(at(path)).toBe("");
    around.isOffline = true;
    expect(at(path)).toBe(words.connection.offline);
  },
);

it("says from when a room is that this device kept", () => {
  around.isOffline = true;
  around.kept.set("messages/7", Date.now());
  expect(at("/rooms/7")).toBe(words.app.offlineAsOf(words.app.momentAgo));
  expect(at("/rooms/8")).toBe(words.connection.offline);
});

it("says that what waits is in this tab only, once it has waited for a while", () => {
  at("/rooms/7");
  around.isFragile = true;
  expect(at("/rooms/7")).toBe("");
  settled(() => vi.advanceTimersByTime(3_000));
  expect(at("/rooms/7")).toBe(words.outbox.fragile);
  around.isFragile = false;
  expect(at("/rooms/7")).toBe("");
});

it("has the browser ask before a tab is closed with which something would be lost", () => {
  const asks = () => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  at("/rooms/7");
  expect(asks()).toBe(false);
  around.isFragile = true;
  at("/rooms/7");
  expect(asks()).toBe(true);
  around.isFragile = false;
  at("/rooms/7");
  expect(asks()).toBe(false);
});

import { MemoryRouter } from "react-router";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { strings } from "../strings";
import { actAndWait, setUpPage } from "../testing/page";
import { OfflineBanner } from "./offline-banner";

const mocks = vi.hoisted(() => ({
  isOffline: false,
  hasMemoryOnlyEntries: false,
  kept: new Map(),
}));
vi.mock("../offline/use-is-offline", () => ({ useIsOffline: () => mocks.isOffline }));
vi.mock("../outbox/context", () => ({ useHasMemoryOnlyEntries: () => mocks.hasMemoryOnlyEntries }));
vi.mock("../offline/read-fallback", () => ({
  useCachedAt: (key: readonly unknown[]) => mocks.kept.get(key.join("/")) ?? null,
}));

const { show } = setUpPage();

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(mocks, { isOffline: false, hasMemoryOnlyEntries: false, kept: new Map() });
});
afterEach(() => vi.useRealTimers());

/** What it says at this page. */
function at(path: string): string {
  const page = show(
    <MemoryRouter key={path} initialEntries={[path]}>
      <OfflineBanner />
    </MemoryRouter>,
  );
  return page.textContent ?? "";
}

it.each(["/", "/inbox", "/searches?q=x", "/rooms/opens/7/edit", "/rooms/7/@42"])(
  "says at %s that there is no network",
  (path) => {
    expect(at(path)).toBe("");
    mocks.isOffline = true;
    expect(at(path)).toBe(strings.connection.offline);
  },
);

it("says from when a room is that this device kept", () => {
  mocks.isOffline = true;
  mocks.kept.set("messages/7", Date.now());
  expect(at("/rooms/7")).toBe(strings.app.offlineAsOf(strings.app.momentAgo));
  expect(at("/rooms/8")).toBe(strings.connection.offline);
});

it("says that what waits is in this tab only, once it has waited for a while", () => {
  at("/rooms/7");
  mocks.hasMemoryOnlyEntries = true;
  expect(at("/rooms/7")).toBe("");
  actAndWait(() => vi.advanceTimersByTime(3_000));
  expect(at("/rooms/7")).toBe(strings.outbox.fragile);
  mocks.hasMemoryOnlyEntries = false;
  expect(at("/rooms/7")).toBe("");
});

it("has the browser ask before a tab is closed with which something would be lost", () => {
  const asks = () => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  at("/rooms/7");
  expect(asks()).toBe(false);
  mocks.hasMemoryOnlyEntries = true;
  at("/rooms/7");
  expect(asks()).toBe(true);
  mocks.hasMemoryOnlyEntries = false;
  at("/rooms/7");
  expect(asks()).toBe(false);
});

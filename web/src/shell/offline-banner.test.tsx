import { MemoryRouter } from "react-router";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { strings } from "../strings";
import { actAndWait, setUpPage } from "../testing/page";
import { OfflineBanner } from "./offline-banner";

const mocks = vi.hoisted(() => ({
  isOffline: false,
  hasMemoryOnlyEntries: false,
  cachedAt: new Map(),
}));
vi.mock("../offline/use-is-offline", () => ({ useIsOffline: () => mocks.isOffline }));
vi.mock("../outbox/context", () => ({ useHasMemoryOnlyEntries: () => mocks.hasMemoryOnlyEntries }));
vi.mock("../offline/read-fallback", () => ({
  useCachedAt: (key: readonly unknown[]) => mocks.cachedAt.get(key.join("/")) ?? null,
}));

const { show } = setUpPage();

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(mocks, { isOffline: false, hasMemoryOnlyEntries: false, cachedAt: new Map() });
});
afterEach(() => vi.useRealTimers());

/** The text of the banner on the page at this path. */
function at(path: string): string {
  const page = show(
    <MemoryRouter key={path} initialEntries={[path]}>
      <OfflineBanner />
    </MemoryRouter>,
  );
  return page.textContent ?? "";
}

it.each(["/", "/inbox", "/searches?q=x", "/rooms/opens/7/edit", "/rooms/7/@42"])(
  "shows at %s that the network is down",
  (path) => {
    expect(at(path)).toBe("");
    mocks.isOffline = true;
    expect(at(path)).toBe(strings.connection.offline);
  },
);

it("shows how old the cached data of a room is", () => {
  mocks.isOffline = true;
  mocks.cachedAt.set("messages/7", Date.now());
  expect(at("/rooms/7")).toBe(strings.app.offlineAsOf(strings.app.momentAgo));
  expect(at("/rooms/8")).toBe(strings.connection.offline);
});

it("warns after a while about messages that exist in this tab only", () => {
  at("/rooms/7");
  mocks.hasMemoryOnlyEntries = true;
  expect(at("/rooms/7")).toBe("");
  actAndWait(() => vi.advanceTimersByTime(3_000));
  expect(at("/rooms/7")).toBe(strings.outbox.fragile);
  mocks.hasMemoryOnlyEntries = false;
  expect(at("/rooms/7")).toBe("");
});

it("asks before closing a tab with messages that would be lost", () => {
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

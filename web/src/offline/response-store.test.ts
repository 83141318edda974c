import "fake-indexeddb/auto";
import { afterEach, expect, it, vi } from "vitest";
import { openResponseStore } from "./response-store";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it("stops waiting after a timeout, and is available to later calls", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const first = openResponseStore();
  vi.advanceTimersByTime(3_000);
  expect(await first).toBeNull();
  vi.useRealTimers();
  await expect.poll(openResponseStore).not.toBeNull();
});

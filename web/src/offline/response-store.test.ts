import "fake-indexeddb/auto";
import { afterEach, expect, it, vi } from "vitest";
import { openResponseStore } from "./response-store";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it("is waited for only so long, and is there for those who ask later", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const first = openResponseStore();
  vi.advanceTimersByTime(3_000);
  expect(await first).toBeNull();
  vi.useRealTimers();
  await expect.poll(openResponseStore).not.toBeNull();
});

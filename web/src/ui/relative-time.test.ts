import { expect, it } from "vitest";
import { relativeTime } from "./relative-time";

const now = new Date("2026-01-31T12:00:00Z");
const before = (seconds: number) => relativeTime(new Date(now.getTime() - seconds * 1000), now);

it("uses the largest unit that fits", () => {
  expect(before(5 * 60)).toBe("5 minutes ago");
  expect(before(3 * 3600 + 1800)).toBe("3 hours ago");
  expect(before(30 * 3600)).toBe("yesterday");
  expect(before(20 * 86_400)).toBe("2 weeks ago");
});

it("formats times in the future", () => {
  expect(before(-4 * 3600)).toBe("in 4 hours");
});

it("does not count seconds", () => {
  expect(before(0)).toBe("now");
  expect(before(59)).toBe("now");
  expect(before(-20)).toBe("now");
});

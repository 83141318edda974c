import { describe, expect, it } from "vitest";
import { firstVisibleRow, followsEnd, preferFullyVisible, scrollCorrection } from "./scroll-anchor";

const box = (scrollTop: number, scrollHeight: number) => ({
  scrollTop,
  scrollHeight,
  clientHeight: 500,
});

describe("following the end", () => {
  it("starts within 100 pixels of it", () => {
    expect(followsEnd({ scrollTop: 0, follows: false }, box(401, 1_000))).toBe(true);
    expect(followsEnd({ scrollTop: 0, follows: false }, box(400, 1_000))).toBe(false);
  });

  it("continues when the content grows before the list has scrolled", () => {
    expect(followsEnd({ scrollTop: 500, follows: true }, box(500, 3_000))).toBe(true);
  });

  it("stops when the reader scrolls up", () => {
    expect(followsEnd({ scrollTop: 500, follows: true }, box(300, 1_000))).toBe(false);
  });

  it("does not start by scrolling down in the middle", () => {
    expect(followsEnd({ scrollTop: 100, follows: false }, box(200, 3_000))).toBe(false);
  });

  it("continues when the content shrinks and the browser scrolls up", () => {
    expect(followsEnd({ scrollTop: 500, follows: true }, box(200, 700))).toBe(true);
  });
});

describe("keeping the position", () => {
  const seen = [
    { row: "a", top: -20 },
    { row: "b", top: 60 },
  ];

  it("measures at the topmost visible row", () => {
    expect(scrollCorrection(seen, (row) => ({ a: 300, b: 390 })[row] ?? null)).toBe(320);
  });

  it("measures at the next row when that was deleted", () => {
    expect(scrollCorrection(seen, (row) => ({ b: 10 })[row] ?? null)).toBe(-50);
    expect(scrollCorrection(seen, () => null)).toBeNull();
  });
});

describe("the partly visible row at the top", () => {
  const mark = (row: string, top: number) => ({ row, top });

  it("is measured last when another row starts in view", () => {
    const seen = [mark("a", -20), mark("b", 60), mark("c", 90)];
    expect(preferFullyVisible(seen, 500).map(({ row }) => row)).toEqual(["b", "c", "a"]);
  });

  it("is measured first when it fills the view or is fully visible", () => {
    const long = [mark("a", -20), mark("b", 900)];
    expect(preferFullyVisible(long, 500)).toBe(long);
    const whole = [mark("a", 0), mark("b", 60)];
    expect(preferFullyVisible(whole, 500)).toBe(whole);
  });
});

it("finds the first visible row", () => {
  const bottoms = [-300, -200, -1, 0, 40, 90];
  expect(firstVisibleRow(bottoms.length, (index) => bottoms[index] ?? 0)).toBe(4);
  expect(firstVisibleRow(3, () => 5)).toBe(0);
  expect(firstVisibleRow(3, () => -5)).toBe(3);
});

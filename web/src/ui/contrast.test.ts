import { expect, it } from "vitest";
import { contrastRatio, readableTextColor, relativeLuminance } from "./contrast";

it("uses white if it is readable, otherwise black", () => {
  expect(readableTextColor("#3B3633")).toBe("white");
  expect(readableTextColor("#AF2E1B")).toBe("white");
  expect(readableTextColor("#BFA07A")).toBe("black");
  expect(readableTextColor("#ED8008")).toBe("black");
  expect(readableTextColor("papayawhip")).toBe("white");
});

it("is readable on every color", () => {
  for (let red = 0; red < 256; red += 15) {
    for (let green = 0; green < 256; green += 15) {
      for (let blue = 0; blue < 256; blue += 15) {
        const hex = [red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("");
        const light = relativeLuminance(`#${hex}`) ?? Number.NaN;
        const ink = readableTextColor(`#${hex}`) === "white" ? 1 : 0;
        expect(contrastRatio(ink, light), hex).toBeGreaterThanOrEqual(4.5);
      }
    }
  }
});

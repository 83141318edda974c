/** The minimum contrast of text (WCAG 2.2, 1.4.3). */
const minimumContrast = 4.5;

/**
 * The color for small text on a background (`#RRGGBB`): white if the contrast is high enough,
 * otherwise black.
 */
export function readableTextColor(ground: string): "white" | "black" {
  const light = relativeLuminance(ground);
  // If white is not readable, black is: one of them is readable on every color.
  return light !== null && contrastRatio(1, light) < minimumContrast ? "black" : "white";
}

/** The contrast ratio of two luminances, from 1 to 21. */
export function contrastRatio(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

/** The relative luminance from 0 to 1, or null if the color is not `#RRGGBB`. */
export function relativeLuminance(colour: string): number | null {
  const [, red = "", green = "", blue = ""] =
    /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(colour) ?? [];
  if (red === "") return null;
  return 0.2126 * linearChannel(red) + 0.7152 * linearChannel(green) + 0.0722 * linearChannel(blue);
}

function linearChannel(part: string): number {
  const share = Number.parseInt(part, 16) / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

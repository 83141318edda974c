/** What text needs to stand out from its ground (WCAG 2.2, 1.4.3). */
const enough = 4.5;

/** The colour in which small letters can be read on a ground of this colour, `#RRGGBB`: white if it can be. */
export function inkOn(ground: string): "white" | "black" {
  const light = lightnessOf(ground);
  // Where white is not enough, black is: together they cover every colour.
  return light !== null && contrast(1, light) < enough ? "black" : "white";
}

/** How much two lightnesses differ: from 1, not at all, to 21. */
export function contrast(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

/** Relative luminance, from 0 to 1; null for what is no such colour. */
export function lightnessOf(colour: string): number | null {
  const [, red = "", green = "", blue = ""] =
    /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(colour) ?? [];
  if (red === "") return null;
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function linear(part: string): number {
  const share = Number.parseInt(part, 16) / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

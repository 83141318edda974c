/** What text needs to stand out from its ground (WCAG 2.2, 1.4.3). */
const minimumContrast = 4.5;

/** The colour in which small letters can be read on a ground of this colour, `#RRGGBB`: white if it can be. */
export function readableTextColor(ground: string): "white" | "black" {
  const light = relativeLuminance(ground);
  // Where white is not enough, black is: together they cover every colour.
  return light !== null && contrastRatio(1, light) < minimumContrast ? "black" : "white";
}

/** How much two lightnesses differ: from 1, not at all, to 21. */
export function contrastRatio(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

/** Relative luminance, from 0 to 1; null for what is no such colour. */
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

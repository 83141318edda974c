export const number = new Intl.NumberFormat("en");

/** "in 40 seconds", "in 3 minutes", in the language of these strings. */
export function inTime(seconds: number): string {
  const format = new Intl.RelativeTimeFormat("en", { numeric: "always" });
  return seconds < 90
    ? format.format(seconds, "second")
    : format.format(Math.ceil(seconds / 60), "minute");
}

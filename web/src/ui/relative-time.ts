const formatter = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

/** Time units with their length in seconds, longest first. */
const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_556_952],
  ["month", 2_629_746],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "3 hours ago", "in 2 days", in the user's language. */
export function relativeTime(date: Date, now: Date): string {
  const seconds = (date.getTime() - now.getTime()) / 1000;
  const [unit, length] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  // Less than a minute is "now".
  return unit === "second"
    ? formatter.format(0, "second")
    : formatter.format(Math.trunc(seconds / length), unit);
}

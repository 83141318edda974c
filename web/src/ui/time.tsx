interface Props {
  date: Date;
  format: Intl.DateTimeFormat;
  className?: string;
}

/** "Saturday, January 31, 2026 at 9:30 AM" */
export const fullTime = new Intl.DateTimeFormat(undefined, {
  dateStyle: "full",
  timeStyle: "short",
});

/** "9:30 AM" */
export const clockTime = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

/** "1/31/26, 9:30 AM" */
export const shortDateTime = new Intl.DateTimeFormat(undefined, {
  dateStyle: "short",
  timeStyle: "short",
});

/** "January 31, 2026" */
export const longDate = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });

/**
 * A date and time in the user's language and time zone. The full date is in the tooltip and for
 * screen readers.
 */
export function Time({ date, format, className }: Props) {
  const full = fullTime.format(date);
  return (
    <time className={className} dateTime={date.toISOString()} title={full}>
      <span aria-hidden="true">{format.format(date)}</span>
      <span className="visually-hidden">{full}</span>
    </time>
  );
}

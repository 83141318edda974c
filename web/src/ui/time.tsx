interface Props {
  date: Date;
  format: Intl.DateTimeFormat;
  className?: string;
}

const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });

/** "9:30 AM" */
export const clockTime = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

/** "January 31, 2026" */
export const longDate = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });

/** A moment in the reader's language and zone, with the full date on hover. */
export function Time({ date, format, className }: Props) {
  return (
    <time className={className} dateTime={date.toISOString()} title={full.format(date)}>
      {format.format(date)}
    </time>
  );
}

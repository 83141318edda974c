/** Text before the cursor that opens suggestions. */
export interface Trigger {
  kind: "person" | "sound";
  query: string;
  /** The index in the line where the replaced text starts. */
  from: number;
}

/** Names may have up to four words. */
const person = /(?<=^|[\s([{"'“‘«—–/])@(\p{L}[^\s@]*(?: [^\s@]+){0,3} ?)$/u;

/** The command must be the only text of the message. */
const sound = /^\/play (\S{0,40})$/;

/** Longer than any name. */
const maxQueryLength = 60;

/** The trigger at the end of `line`; `isFirst` if it is the first line. */
export function triggerAt(line: string, isFirst: boolean): Trigger | null {
  const command = isFirst ? sound.exec(line) : null;
  if (command) return { kind: "sound", query: command[1] ?? "", from: "/play ".length };
  const mention = person.exec(line);
  if (!mention?.[1] || mention[1].length > maxQueryLength) return null;
  return { kind: "person", query: mention[1], from: mention.index };
}

/** Whether a mention may follow, so that names are loaded early. */
export function mayMention(line: string): boolean {
  return /(?<=^|[\s([{"'“‘«—–/])@$/u.test(line);
}

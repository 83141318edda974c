/** Text before the cursor that asks for suggestions. */
export interface Trigger {
  kind: "person" | "sound";
  query: string;
  /** Where in the line what will be replaced begins. */
  from: number;
}

/** Names may have several words; further ones are no name any more. */
const person = /(?<=^|[\s([{"'“‘«—–/])@(\p{L}[^\s@]*(?: [^\s@]+){0,3} ?)$/u;

/** The command stands alone in its message. */
const sound = /^\/play (\S{0,40})$/;

/** Longer than any name. */
const maxQueryLength = 60;

/** What the end of `line` asks for; `isFirst` if nothing stands above it. */
export function triggerAt(line: string, isFirst: boolean): Trigger | null {
  const command = isFirst ? sound.exec(line) : null;
  if (command) return { kind: "sound", query: command[1] ?? "", from: "/play ".length };
  const mention = person.exec(line);
  if (!mention?.[1] || mention[1].length > maxQueryLength) return null;
  return { kind: "person", query: mention[1], from: mention.index };
}

/** Whether somebody may be about to be mentioned, so that names can be fetched ahead. */
export function mayMention(line: string): boolean {
  return /(?<=^|[\s([{"'“‘«—–/])@$/u.test(line);
}

// Where a bot speaks, and how to try that from a terminal.

/** Where a bot posts into a room: whatever is sent there is said. */
export function postingUrl(origin: string, roomId: number, key: string): string {
  return `${origin}/rooms/${roomId}/${key}/messages`;
}

/** Where services post that know incoming webhooks in Slack's format. */
export function hookUrl(origin: string, roomId: number, key: string): string {
  return `${origin}/rooms/${roomId}/${key}/hook`;
}

/** A command that says something. */
export function postingCommand(url: string, text: string): string {
  // As plain text: a form would choke on a stray per cent sign.
  return `curl -H 'Content-Type: text/plain' -d ${quoted(text)} ${quoted(url)}`;
}

/** A command that says something through the hook. */
export function hookCommand(url: string, text: string): string {
  const body = JSON.stringify({ text });
  return `curl -H 'Content-Type: application/json' -d ${quoted(body)} ${quoted(url)}`;
}

/** A word for a shell, whatever is in it. */
export function quoted(word: string): string {
  return /^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

// URLs for posting as a bot, and curl commands to try them.

/** The URL for posting messages to a room. */
export function postingUrl(origin: string, roomId: number, key: string): string {
  return `${origin}/rooms/${roomId}/${key}/messages`;
}

/** The URL for services that support Slack's incoming webhooks. */
export function hookUrl(origin: string, roomId: number, key: string): string {
  return `${origin}/rooms/${roomId}/${key}/hook`;
}

/** A curl command that posts a message. */
export function postingCommand(url: string, text: string): string {
  // Plain text, because form encoding would need escapes for per cent signs.
  return `curl -H 'Content-Type: text/plain' -d ${shellQuoted(text)} ${shellQuoted(url)}`;
}

/** A curl command that posts a message through the webhook URL. */
export function hookCommand(url: string, text: string): string {
  const body = JSON.stringify({ text });
  return `curl -H 'Content-Type: application/json' -d ${shellQuoted(body)} ${shellQuoted(url)}`;
}

/** Quotes a word for a shell. */
export function shellQuoted(word: string): string {
  return /^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

import { strings } from "../strings";

/** An error response (RFC 9457), or an invalid one. */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly status: number,
    message: string,
    /** Validation errors by field name. */
    readonly fields: Readonly<Record<string, string>> = {},
    /** Seconds from the `Retry-After` header. */
    readonly retryAfter: number | null = null,
  ) {
    super(message);
  }
}

/** The request failed or timed out. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";

  constructor(cause?: unknown) {
    super(strings.problems.unreachable, { cause });
  }
}

/** Converts an error response into a `Problem` with a message for the user. */
export function problemFrom(response: Response, body: unknown): Problem {
  const retryAfter = retryAfterSeconds(response.headers.get("Retry-After"));
  const fields = fieldErrors(body);
  if (response.status === 429) {
    return new Problem(429, strings.problems.tooMany(retryAfter), fields, retryAfter);
  }
  const sentence =
    textOf(body, "detail") ?? textOf(body, "title") ?? strings.problems.of(response.status);
  return new Problem(response.status, sentence, fields, retryAfter);
}

/** The message to show for any error. */
export function errorMessage(error: unknown): string {
  if (error instanceof Problem || error instanceof Unreachable) return error.message;
  return strings.problems.unexpected;
}

export function statusOf(error: unknown): number | null {
  return error instanceof Problem ? error.status : null;
}

/** Whether the same request may succeed later: the error is temporary. */
export function isTransient(error: unknown): boolean {
  if (error instanceof Unreachable) return true;
  const status = statusOf(error);
  return status !== null && (status >= 500 || status === 429 || status === 408);
}

/** `Retry-After` is in seconds, or a date (RFC 9110 § 10.2.3). */
function retryAfterSeconds(header: string | null): number | null {
  if (!header) return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, Math.ceil(seconds));
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}

function textOf(body: unknown, key: string): string | null {
  if (typeof body !== "object" || body === null) return null;
  const value = (body as Record<string, unknown>)[key];
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

function fieldErrors(body: unknown): Record<string, string> {
  if (typeof body !== "object" || body === null) return {};
  const { errors } = body as { errors?: unknown };
  if (typeof errors !== "object" || errors === null) return {};
  const fields: Record<string, string> = {};
  for (const [field, sentences] of Object.entries(errors)) {
    const list = Array.isArray(sentences) ? sentences : [sentences];
    const text = list.filter((sentence) => typeof sentence === "string").join(" ");
    if (text) fields[field] = text;
  }
  return fields;
}

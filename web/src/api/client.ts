// The one way to the server's HTTP interface, typed from its own document; refusals become sentences for people.
import createClient from 'openapi-fetch';
import { words } from '../words';
import type { components, paths } from './schema';

export type Message = components['schemas']['Message'];
export type Room = components['schemas']['Room'];
export type User = components['schemas']['User'];
export type Me = components['schemas']['Me'];
export type Status = components['schemas']['StatusView'];
export type Account = components['schemas']['AccountView'];

export const api = createClient<paths>({ baseUrl: '', credentials: 'same-origin' });

/** A refusal of the server, or its silence (`status` 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly fields: Record<string, string[]> = {},
    readonly retryAfter = 0,
  ) {
    super(message);
  }

  /** Whether the same request may succeed later without anybody changing anything. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a successful answer; throws an {@link ApiError} otherwise. */
export async function ask<T>(request: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await request;
  } catch {
    throw new ApiError(0, words.network);
  }
  if (answer.response.ok) return answer.data as T;
  throw problem(answer.response, answer.error);
}

/** What a refusal says; some come from proxies and are no problem documents. */
export function problem(response: Response, body: unknown): ApiError {
  const known = typeof body === 'object' && body !== null ? (body as { detail?: unknown; errors?: unknown }) : {};
  const detail = typeof known.detail === 'string' ? known.detail : `${response.status} ${response.statusText}`.trim();
  const fields =
    typeof known.errors === 'object' && known.errors !== null ? (known.errors as Record<string, string[]>) : {};
  return new ApiError(response.status, detail, fields, Number(response.headers.get('retry-after') ?? 0));
}

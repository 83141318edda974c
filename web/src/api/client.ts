import createClient from "openapi-fetch";
import { problemFrom, Unreachable } from "./problem";
import type { paths } from "./schema";

/** How long a request may take, in milliseconds. */
const requestTimeout = 20_000;

type Listener = () => void;
const signedOutListeners = new Set<Listener>();

/** Calls `listener` when a request is answered with 401. Returns a function that unsubscribes. */
export function onSignedOut(listener: Listener): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "",
  credentials: "same-origin",
  fetch: fetchWithTimeout,
});

/** The data of a successful response. Throws `Problem` or `Unreachable`. */
export async function unwrap<Data>(
  request: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<Data> {
  const { data, error, response } = await request.catch((failure) => {
    throw isTimeout(failure) ? new Unreachable(failure) : failure;
  });
  if (response.ok) return data as Data;
  if (response.status === 401 && !isSignIn(response)) {
    for (const listener of signedOutListeners) listener();
  }
  throw problemFrom(response, error);
}

function isTimeout(failure: unknown): boolean {
  return failure instanceof DOMException && failure.name === "TimeoutError";
}

/** A failed sign-in is an error of the form, not the end of a session. */
function isSignIn(response: Response): boolean {
  return new URL(response.url || "/", globalThis.location?.origin).pathname === "/api/v1/session";
}

async function fetchWithTimeout(request: Request): Promise<Response> {
  try {
    // The timeout includes the body, because a network may fail in the middle of a response.
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(requestTimeout)]);
    return await fetch(request, { signal });
  } catch (error) {
    // The caller aborted the request.
    if (request.signal.aborted) throw error;
    throw new Unreachable(error);
  }
}

import createClient from "openapi-fetch";
import { problemFrom, Unreachable } from "./problem";
import type { paths } from "./schema";

/** How long an answer may take before the request counts as lost. */
const requestTimeout = 20_000;

type Listener = () => void;
const signedOutListeners = new Set<Listener>();

/** Calls `listener` whenever the server says that this browser is not signed in (any more). */
export function onSignedOut(listener: Listener): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "",
  credentials: "same-origin",
  fetch: fetchWithTimeout,
});

/** The data of a successful answer; throws `Problem` or `Unreachable` otherwise. */
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

/** A refused sign-in is an answer to the form, not the end of a session. */
function isSignIn(response: Response): boolean {
  return new URL(response.url || "/", globalThis.location?.origin).pathname === "/api/v1/session";
}

async function fetchWithTimeout(request: Request): Promise<Response> {
  try {
    // The time runs until the last byte: a network can also die in the middle of an answer.
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(requestTimeout)]);
    return await fetch(request, { signal });
  } catch (error) {
    // A request that its caller gave up is not a failing network.
    if (request.signal.aborted) throw error;
    throw new Unreachable(error);
  }
}

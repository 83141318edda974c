import createClient from "openapi-fetch";
import { problemFrom, Unreachable } from "./problem";
import type { paths } from "./schema";

/** How long an answer may take before the request counts as lost. */
const patience = 20_000;

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
  fetch: fetchInTime,
});

/** The data of a successful answer; throws `Problem` or `Unreachable` otherwise. */
export async function answer<Data>(
  request: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<Data> {
  const { data, error, response } = await request;
  if (response.ok) return data as Data;
  if (response.status === 401 && !isSignIn(response)) {
    for (const listener of signedOutListeners) listener();
  }
  throw problemFrom(response, error);
}

/** A refused sign-in is an answer to the form, not the end of a session. */
function isSignIn(response: Response): boolean {
  return new URL(response.url || "/", globalThis.location?.origin).pathname === "/api/v1/session";
}

async function fetchInTime(request: Request): Promise<Response> {
  const controller = new AbortController();
  const abort = () => controller.abort(request.signal.reason);
  const timer = setTimeout(() => controller.abort(), patience);
  request.signal.addEventListener("abort", abort);
  try {
    return await fetch(request, { signal: controller.signal });
  } catch (error) {
    // A request that its caller gave up is not a failing network.
    if (request.signal.aborted) throw error;
    throw new Unreachable(error);
  } finally {
    clearTimeout(timer);
    request.signal.removeEventListener("abort", abort);
  }
}

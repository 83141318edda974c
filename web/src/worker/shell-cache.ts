// The client's own files on the device: kept when the worker is installed, given out when the network has none.
import { avatarCache, outdatedShellCaches, shellCacheName } from "./cache-names";
import { isUnavailable } from "./request-strategy";

/** `entry` is the script that this build's page begins with. */
export const { entry, version, files } = __SHELL__;
const currentCache = shellCacheName(version);

/** The address under which the page that starts the client is kept: it is the same for all pages. */
const startPath = "/";

/** How long a page may take from the network before the kept one is shown, in milliseconds. */
const networkTimeout = 4_000;

/** As much of the browser's event as is needed. */
interface FetchRequest {
  readonly request: Request;
  readonly preloadResponse: Promise<unknown>;
  waitUntil(work: Promise<unknown>): void;
}

/** Faces kept at most. */
const maxAvatars = 300;

/** Fetches everything of this build. Without room for it the app works as before, with a network. */
export async function precache() {
  try {
    const cache = await caches.open(currentCache);
    await cache.addAll(files.map(precacheRequest));
    const servePage = await fetch(startPath, { cache: "no-store", credentials: "omit" });
    // Last: a page is only kept together with everything that it asks for.
    if (!(await cachePage(servePage))) throw new Error("the server has another version by now");
  } catch (error) {
    console.warn("The app can’t be opened without a network yet.", error);
    // Where there is a page, everything else is: a worker of this same build stands on it.
    if (!(await cachedResponse(startPath, currentCache)))
      await caches.delete(currentCache).catch(() => false);
  }
}

/** A file whose name does not say its content must not come from what the browser has of another build. */
function precacheRequest(path: string): RequestInfo {
  return path.startsWith("/assets/") ? path : new Request(path, { cache: "no-cache" });
}

/** Drops what earlier versions kept. */
export async function deleteOutdatedCaches() {
  const names = await caches.keys();
  await Promise.all(outdatedShellCaches(names, currentCache).map((name) => caches.delete(name)));
}

/** A page: from the network, else the kept one. */
export async function page(event: FetchRequest): Promise<Response> {
  const kept = await cachedResponse(startPath, currentCache);
  const fetched = fetchPage(event);
  event.waitUntil(
    fetched
      .then((response) => updateCachedPage(event.request, response.clone(), kept))
      .catch(() => undefined),
  );
  if (!kept) return fetched;
  try {
    const response = await withTimeout(fetched);
    return isUnavailable(response.status) ? kept : response;
  } catch {
    return kept;
  }
}

/** A file: the kept one, of this or the last build; else it is fetched, and kept if its address tells its content. */
export async function serveAsset(event: FetchRequest): Promise<Response> {
  const kept =
    (await cachedResponse(event.request, currentCache)) ?? (await cachedResponse(event.request));
  if (kept) return kept;
  const response = await fetch(event.request);
  if (response.ok && response.headers.get("Cache-Control")?.includes("immutable")) {
    const copy = response.clone();
    event.waitUntil(
      caches
        .open(currentCache)
        .then((cache) => cache.put(event.request, copy))
        .catch(() => undefined),
    );
  }
  return response;
}

/** A face: the kept one, and a newer one for the next time. */
export async function serveAvatar(event: FetchRequest): Promise<Response> {
  const kept = await cachedResponse(event.request, avatarCache);
  const fetched = fetch(event.request).then(async (response) => {
    await cacheAvatar(event.request, response.clone()).catch(() => undefined);
    return response;
  });
  if (!kept) return fetched;
  event.waitUntil(fetched.catch(() => undefined));
  return kept;
}

async function cacheAvatar(request: Request, response: Response) {
  const cache = await caches.open(avatarCache);
  // Whoever may not see it any more does not.
  if (response.status === 401 || response.status === 404) await cache.delete(request);
  if (response.status !== 200) return;
  await cache.put(request, response);
  const [oldest, ...others] = await cache.keys();
  if (oldest && others.length >= maxAvatars) await cache.delete(oldest);
}

/** What was kept, here or anywhere. Where the browser's storage is broken that is nothing: the network still answers. */
async function cachedResponse(
  request: RequestInfo,
  cacheName?: string,
): Promise<Response | undefined> {
  try {
    return await caches.match(request, cacheName === undefined ? {} : { cacheName });
  } catch {
    return undefined;
  }
}

/** The browser may have asked for the page while this worker was starting. */
export async function fetchPage(event: FetchRequest): Promise<Response> {
  const preloaded = (await event.preloadResponse) as Response | undefined;
  return preloaded ?? fetch(event.request);
}

function withTimeout(response: Promise<Response>): Promise<Response> {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("too slow")), networkTimeout);
    response.then(resolve, reject);
  });
}

/** Keeps the page as it is now: administrators may have changed the account's styles. */
async function updateCachedPage(request: Request, response: Response, kept: Response | undefined) {
  const isStyled = !new URL(request.url).searchParams.has("safe-styles");
  if (!kept) await precache();
  else if (response.status === 200 && isStyled) await cachePage(response);
}

/** Keeps a page that belongs to this build; false for any other. */
async function cachePage(response: Response): Promise<boolean> {
  const text = await response.text();
  if (!response.ok || !text.includes(entry)) return false;
  const headers = { "Content-Type": "text/html; charset=utf-8" };
  // The policy comes with the page, also with the kept one.
  const policy = response.headers.get("Content-Security-Policy");
  const page = new Response(text, {
    headers: policy ? { ...headers, "Content-Security-Policy": policy } : headers,
  });
  await (await caches.open(currentCache)).put(startPath, page);
  return true;
}

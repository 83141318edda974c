// Caches the app shell: precached when the worker is installed, served when the network fails.
import { avatarCache, outdatedShellCaches, shellCacheName } from "./cache-names";
import { isUnavailable } from "./request-strategy";

/** `entry` is the entry script of this build. */
export const { entry, version, files } = __SHELL__;
const currentCache = shellCacheName(version);

/** The cache key of the page that starts the client. It is the same for all paths. */
const startPath = "/";

/** How long a page may take from the network before the cached one is served, in milliseconds. */
const networkTimeout = 4_000;

/** The part of `FetchEvent` that is used here. */
interface FetchRequest {
  readonly request: Request;
  readonly preloadResponse: Promise<unknown>;
  waitUntil(work: Promise<unknown>): void;
}

/** How many avatars are cached. */
const maxAvatars = 300;

/** Precaches all files of this build. If that fails, the app works online only. */
export async function precache() {
  try {
    const cache = await caches.open(currentCache);
    await cache.addAll(files.map(precacheRequest));
    const servePage = await fetch(startPath, { cache: "no-store", credentials: "omit" });
    // Last, so that the page is only cached together with its files.
    if (!(await cachePage(servePage))) throw new Error("the server has another version");
  } catch (error) {
    console.warn("Failed to cache the app; it cannot be opened offline yet.", error);
    // If the page is cached, so are its files, and another worker of this build may be using them.
    if (!(await cachedResponse(startPath, currentCache)))
      await caches.delete(currentCache).catch(() => false);
  }
}

/** Files without a hash in their name must not come from the HTTP cache of another build. */
function precacheRequest(path: string): RequestInfo {
  return path.startsWith("/assets/") ? path : new Request(path, { cache: "no-cache" });
}

export async function deleteOutdatedCaches() {
  const names = await caches.keys();
  await Promise.all(outdatedShellCaches(names, currentCache).map((name) => caches.delete(name)));
}

/** Serves a page from the network, or else from the cache. */
export async function page(event: FetchRequest): Promise<Response> {
  const cached = await cachedResponse(startPath, currentCache);
  const fetched = fetchPage(event);
  event.waitUntil(
    fetched
      .then((response) => updateCachedPage(event.request, response.clone(), cached))
      .catch(() => undefined),
  );
  if (!cached) return fetched;
  try {
    const response = await withTimeout(fetched);
    return isUnavailable(response.status) ? cached : response;
  } catch {
    return cached;
  }
}

/** Serves a file from the cache of any build, or from the network; caches it if it is immutable. */
export async function serveAsset(event: FetchRequest): Promise<Response> {
  const cached =
    (await cachedResponse(event.request, currentCache)) ?? (await cachedResponse(event.request));
  if (cached) return cached;
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

/** Serves an avatar from the cache and refreshes it in the background. */
export async function serveAvatar(event: FetchRequest): Promise<Response> {
  const cached = await cachedResponse(event.request, avatarCache);
  const fetched = fetch(event.request).then(async (response) => {
    await cacheAvatar(event.request, response.clone()).catch(() => undefined);
    return response;
  });
  if (!cached) return fetched;
  event.waitUntil(fetched.catch(() => undefined));
  return cached;
}

async function cacheAvatar(request: Request, response: Response) {
  const cache = await caches.open(avatarCache);
  // The user may not see it any more.
  if (response.status === 401 || response.status === 404) await cache.delete(request);
  if (response.status !== 200) return;
  await cache.put(request, response);
  const [oldest, ...others] = await cache.keys();
  if (oldest && others.length >= maxAvatars) await cache.delete(oldest);
}

/** A cached response, or undefined, also if the browser's storage is broken. */
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

/** Uses the navigation preload response if there is one. */
export async function fetchPage(event: FetchRequest): Promise<Response> {
  const preloaded = (await event.preloadResponse) as Response | undefined;
  return preloaded ?? fetch(event.request);
}

function withTimeout(response: Promise<Response>): Promise<Response> {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("timed out")), networkTimeout);
    response.then(resolve, reject);
  });
}

/** Updates the cached page: administrators may have changed the custom styles. */
async function updateCachedPage(
  request: Request,
  response: Response,
  cached: Response | undefined,
) {
  const isStyled = !new URL(request.url).searchParams.has("safe-styles");
  if (!cached) await precache();
  else if (response.status === 200 && isStyled) await cachePage(response);
}

/** Caches a page of this build; returns false for any other page. */
async function cachePage(response: Response): Promise<boolean> {
  const text = await response.text();
  if (!response.ok || !text.includes(entry)) return false;
  const headers = { "Content-Type": "text/html; charset=utf-8" };
  // The cached page keeps its Content-Security-Policy.
  const policy = response.headers.get("Content-Security-Policy");
  const page = new Response(text, {
    headers: policy ? { ...headers, "Content-Security-Policy": policy } : headers,
  });
  await (await caches.open(currentCache)).put(startPath, page);
  return true;
}

// A fake of the browser's Cache Storage, with the methods that the service worker uses.

const { origin } = window.location;

/** A `CacheStorage` in memory. `fetched` responds to the requests of `addAll`. */
export function memoryCacheStorage(fetched: (path: string) => Response = () => new Response()) {
  const all = new Map<string, Map<string, Response>>();
  const open = (name: string) => {
    const entries = all.get(name) ?? new Map<string, Response>();
    all.set(name, entries);
    return {
      put: async (request: RequestInfo, response: Response) => {
        entries.set(addressOf(request), response);
      },
      delete: async (request: RequestInfo) => entries.delete(addressOf(request)),
      addAll: async (requests: readonly RequestInfo[]) => {
        const found = requests.map(addressOf).map((path) => [path, fetched(path)] as const);
        if (found.some(([, { ok }]) => !ok)) throw new TypeError("a request failed");
        for (const [path, response] of found) entries.set(path, response);
      },
    };
  };
  return {
    open: async (name: string) => open(name),
    keys: async () => [...all.keys()],
    delete: async (name: string) => all.delete(name),
    match: async (request: RequestInfo, { cacheName }: { cacheName?: string } = {}) => {
      const entries = cacheName === undefined ? [...all.values()] : [all.get(cacheName)];
      return entries
        .map((one) => one?.get(addressOf(request)))
        .find((found) => found !== undefined)
        ?.clone();
    },
  };
}

function addressOf(request: RequestInfo): string {
  const { pathname, search } = new URL(typeof request === "string" ? request : request.url, origin);
  return pathname + search;
}

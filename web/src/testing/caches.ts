// The browser's store of answers, for tests: as much of it as the worker uses.

/** A `CacheStorage` that keeps everything in memory. `fetched` answers what `addAll` asks for. */
export function keptCaches(fetched: (path: string) => Response = () => new Response()) {
  const all = new Map<string, Map<string, Response>>();
  const open = (name: string) => {
    const kept = all.get(name) ?? new Map<string, Response>();
    all.set(name, kept);
    return {
      put: async (request: RequestInfo, response: Response) => {
        kept.set(addressOf(request), response);
      },
      delete: async (request: RequestInfo) => kept.delete(addressOf(request)),
      addAll: async (paths: readonly string[]) => {
        const responses = paths.map(fetched);
        if (responses.some(({ ok }) => !ok)) throw new TypeError("a request failed");
        paths.forEach((path, index) => {
          kept.set(path, responses[index] as Response);
        });
      },
    };
  };
  return {
    open: async (name: string) => open(name),
    keys: async () => [...all.keys()],
    delete: async (name: string) => all.delete(name),
    match: async (request: RequestInfo, { cacheName }: { cacheName?: string } = {}) => {
      const kept = cacheName === undefined ? [...all.values()] : [all.get(cacheName)];
      return kept
        .map((one) => one?.get(addressOf(request)))
        .find((found) => found !== undefined)
        ?.clone();
    },
  };
}

function addressOf(request: RequestInfo): string {
  return typeof request === "string" ? request : request.url;
}

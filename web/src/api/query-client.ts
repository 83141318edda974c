import {
  type InvalidateOptions,
  type InvalidateQueryFilters,
  QueryClient,
} from "@tanstack/react-query";
import { isTransient } from "./problem";

/**
 * The query cache. Invalidating a query whose first request is still running repeats that request,
 * because its response may be older than the change; TanStack Query would use it.
 */
export class AppQueryClient extends QueryClient {
  constructor() {
    super({
      defaultOptions: {
        queries: {
          // Browsers only guess whether they are online; a request finds out.
          networkMode: "always",
          // Live events and reconnects trigger refetches.
          refetchOnWindowFocus: false,
          refetchOnReconnect: false,
          retry: (failures, error) => failures < 2 && isTransient(error),
        },
      },
    });
  }

  override async invalidateQueries(
    filters: InvalidateQueryFilters = {},
    options?: InvalidateOptions,
  ) {
    const fetching = this.getQueryCache()
      .findAll({ ...filters, fetchStatus: "fetching" })
      .filter(({ state }) => state.data === undefined);
    await super.invalidateQueries(filters, options);
    if (fetching.length === 0) return;
    await super.invalidateQueries({ predicate: (query) => fetching.includes(query) }, options);
  }
}

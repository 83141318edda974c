import {
  type InvalidateOptions,
  type InvalidateQueryFilters,
  QueryClient,
} from "@tanstack/react-query";
import { isTransient } from "./problem";

/**
 * What the server and this device have said. A first answer that is on its way when something changes may be from before
 * that: it is asked for once more, where the library would take it for the new one.
 */
export class AppQueryClient extends QueryClient {
  constructor() {
    super({
      defaultOptions: {
        queries: {
          // The browser's idea of being online is a guess; the request itself knows.
          networkMode: "always",
          // Live events and reconnecting say when something must be fetched again.
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

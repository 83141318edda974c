import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import { nextPageOptions, unwrapPage } from "../api/pagination";
import type { FoundMessage } from "../api/types";

/** How long recent searches are fresh, in milliseconds. */
const freshFor = 60_000;

/** How long results are fresh, in milliseconds. */
const resultsFreshFor = 10_000;

/** How many recent searches the server keeps. */
const maxRecentSearches = 10;

const key = ["searches"] as const;

/**
 * The messages that match a query. The first page has the newest; each page is in chronological
 * order.
 */
export const searchResultsQuery = (query: string) =>
  infiniteQueryOptions({
    queryKey: [...key, "found", query] as const,
    queryFn: ({ pageParam, signal }) => {
      const pageQuery = { q: query, ...pageParam };
      return unwrapPage<FoundMessage>(
        api.GET("/api/v1/searches", { params: { query: pageQuery }, signal }),
      );
    },
    ...nextPageOptions,
    // No events arrive for rooms that are not open, so returning to the results shows the cached
    // list first and refetches it.
    staleTime: resultsFreshFor,
    refetchOnMount: "always",
    refetchOnWindowFocus: true,
  });

/** The user's recent searches, latest first. */
export const recentSearchesQuery = queryOptions({
  queryKey: [...key, "recent"] as const,
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/searches/recent", { signal })),
  staleTime: freshFor,
});

export async function saveRecentSearch(cache: QueryClient, query: string) {
  const saved = await unwrap(api.POST("/api/v1/searches/recent", { body: { query } }));
  cache.setQueryData(recentSearchesQuery.queryKey, (searches) => {
    const others = searches?.filter((search) => search.query !== saved.query);
    return others && [saved, ...others].slice(0, maxRecentSearches);
  });
}

export async function clearRecentSearches(cache: QueryClient) {
  await unwrap(api.DELETE("/api/v1/searches/recent", {}));
  cache.setQueryData(recentSearchesQuery.queryKey, []);
}

import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import { nextPageOptions, unwrapPage } from "../api/pagination";
import type { FoundMessage } from "../api/types";

/** How long recent searches count as fresh, in milliseconds. */
const freshFor = 60_000;

/** How long results count as fresh while one looks at them, in milliseconds. */
const resultsFreshFor = 10_000;

/** How many searches the server remembers. */
const maxRecentSearches = 10;

const key = ["searches"] as const;

/** The messages that a query means: the first part has the newest, each part is in the order of time. */
export const searchResultsQuery = (query: string) =>
  infiniteQueryOptions({
    queryKey: [...key, "found", query] as const,
    queryFn: ({ pageParam, signal }) => {
      const asked = { q: query, ...pageParam };
      return unwrapPage<FoundMessage>(
        api.GET("/api/v1/searches", { params: { query: asked }, signal }),
      );
    },
    ...nextPageOptions,
    // Nobody tells of changes in rooms that are not open. Who comes back finds the list as it was, and then as it is.
    staleTime: resultsFreshFor,
    refetchOnMount: "always",
    refetchOnWindowFocus: true,
  });

/** What I searched for, the latest first. */
export const recentSearchesQuery = queryOptions({
  queryKey: [...key, "recent"] as const,
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/searches/recent", { signal })),
  staleTime: freshFor,
});

/** Remembers what somebody searched for. */
export async function saveRecentSearch(cache: QueryClient, query: string) {
  const noted = await unwrap(api.POST("/api/v1/searches/recent", { body: { query } }));
  cache.setQueryData(recentSearchesQuery.queryKey, (searches) => {
    const others = searches?.filter((search) => search.query !== noted.query);
    return others && [noted, ...others].slice(0, maxRecentSearches);
  });
}

/** Forgets all of them. */
export async function clearRecentSearches(cache: QueryClient) {
  await unwrap(api.DELETE("/api/v1/searches/recent", {}));
  cache.setQueryData(recentSearchesQuery.queryKey, []);
}

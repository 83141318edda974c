import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import { answerPage, paging } from "../api/pagination";
import type { FoundMessage } from "../api/types";

/** How long recent searches count as fresh, in milliseconds. */
const freshFor = 60_000;

/** How long results count as fresh while one looks at them, in milliseconds. */
const resultsFreshFor = 10_000;

/** How many searches the server remembers. */
const remembered = 10;

const key = ["searches"] as const;

/** The messages that a query means: the first part has the newest, each part is in the order of time. */
export const foundQuery = (query: string) =>
  infiniteQueryOptions({
    queryKey: [...key, "found", query] as const,
    queryFn: ({ pageParam, signal }) => {
      const asked = { q: query, ...pageParam };
      return answerPage<FoundMessage>(
        api.GET("/api/v1/searches", { params: { query: asked }, signal }),
      );
    },
    ...paging,
    // Nobody tells of changes in rooms that are not open. Who comes back finds the list as it was, and then as it is.
    staleTime: resultsFreshFor,
    refetchOnMount: "always",
    refetchOnWindowFocus: true,
  });

/** What I searched for, the latest first. */
export const recentQuery = queryOptions({
  queryKey: [...key, "recent"] as const,
  queryFn: ({ signal }) => answer(api.GET("/api/v1/searches/recent", { signal })),
  staleTime: freshFor,
});

/** Remembers what somebody searched for. */
export async function noteSearch(cache: QueryClient, query: string) {
  const noted = await answer(api.POST("/api/v1/searches/recent", { body: { query } }));
  cache.setQueryData(recentQuery.queryKey, (searches) => {
    const others = searches?.filter((search) => search.query !== noted.query);
    return others && [noted, ...others].slice(0, remembered);
  });
}

/** Forgets all of them. */
export async function forgetSearches(cache: QueryClient) {
  await answer(api.DELETE("/api/v1/searches/recent", {}));
  cache.setQueryData(recentQuery.queryKey, []);
}

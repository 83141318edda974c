import { useCallback } from "react";

/** As much of an infinite query as reading on needs. */
interface Parts {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  fetchNextPage: () => unknown;
}

/** What `More` at the end of a list needs to read on. */
export function useLoadMore(query: Parts) {
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  const load = useCallback(() => {
    fetchNextPage();
  }, [fetchNextPage]);
  return { hasMore: hasNextPage, busy: isFetchingNextPage, failed: isFetchNextPageError, load };
}

import { useCallback } from "react";

/** The fields of an infinite query that are needed here. */
interface Parts {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  fetchNextPage: () => unknown;
}

/** The props of `LoadMore`. */
export function useLoadMore(query: Parts) {
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  const load = useCallback(() => {
    fetchNextPage();
  }, [fetchNextPage]);
  return { hasMore: hasNextPage, busy: isFetchingNextPage, failed: isFetchNextPageError, load };
}

import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useLocation, useNavigate } from "react-router";
import { saveRecentSearch, searchResultsQuery } from "./queries";
import { searchPath } from "./query";

/** What the screen is told of how somebody came to a search. */
export interface SearchNavigationState {
  /** A filter was taken away, which stood at this place among them. */
  withoutFilter?: number;
}

/** Searches: goes to the results, asks for them afresh, and remembers the query. */
export function useSearch(): (query: string, came?: SearchNavigationState) => void {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const here = pathname + search;
  return useCallback(
    (query, came) => {
      const sought = query.trim();
      const path = searchPath(sought);
      // The same again is no further step to go back over.
      navigate(path, { replace: path === here, state: came });
      if (sought === "") return;
      cache.invalidateQueries({ queryKey: searchResultsQuery(sought).queryKey });
      // Only a convenience: the search itself says what is wrong with a query.
      saveRecentSearch(cache, sought).catch(() => undefined);
    },
    [cache, navigate, here],
  );
}

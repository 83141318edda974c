import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useLocation, useNavigate } from "react-router";
import { saveRecentSearch, searchResultsQuery } from "./queries";
import { searchPath } from "./query";

/** React Router state: how the user got to a search. */
export interface SearchNavigationState {
  /** The index of the filter that was removed. */
  withoutFilter?: number;
}

/** Opens the results, refetches them and saves the query as a recent search. */
export function useSearch(): (query: string, came?: SearchNavigationState) => void {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const here = pathname + search;
  return useCallback(
    (query, came) => {
      const sought = query.trim();
      const path = searchPath(sought);
      // Searching for the same query again adds no history entry.
      navigate(path, { replace: path === here, state: came });
      if (sought === "") return;
      cache.invalidateQueries({ queryKey: searchResultsQuery(sought).queryKey });
      // Optional: the search itself reports errors in the query.
      saveRecentSearch(cache, sought).catch(() => undefined);
    },
    [cache, navigate, here],
  );
}

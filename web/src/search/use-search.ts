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
export function useSearch(): (query: string, state?: SearchNavigationState) => void {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const here = pathname + search;
  return useCallback(
    (query, state) => {
      const trimmed = query.trim();
      const path = searchPath(trimmed);
      // Searching for the same query again adds no history entry.
      navigate(path, { replace: path === here, state });
      if (trimmed === "") return;
      cache.invalidateQueries({ queryKey: searchResultsQuery(trimmed).queryKey });
      // Optional: the search itself reports errors in the query.
      saveRecentSearch(cache, trimmed).catch(() => undefined);
    },
    [cache, navigate, here],
  );
}

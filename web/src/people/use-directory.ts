import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Person } from "../api/types";
import { useDebounced } from "../ui/use-debounced";
import { useLoadMore } from "../ui/use-load-more";
import { directoryQuery } from "./queries";

/** How long typing must pause before a request, in milliseconds. */
const filterDelay = 300;

interface People {
  /** Undefined until the first page is loaded. */
  people: readonly Person[] | undefined;
  /** The props of `LoadMore`. */
  more: { hasMore: boolean; busy: boolean; failed: boolean; load: () => void };
  query: {
    data: unknown;
    isError: boolean;
    error: unknown;
    isFetching: boolean;
    refetch: () => unknown;
  };
}

/** The users whose names match the filter, as far as they are loaded. */
export function useDirectory(filter: string, all = false): People {
  const debouncedFilter = useDebounced(filter.trim(), filterDelay);
  const query = useInfiniteQuery({
    ...directoryQuery({ query: debouncedFilter, all }),
    placeholderData: keepPreviousData,
  });
  const people = useMemo(() => query.data?.pages.flatMap(({ items }) => items), [query.data]);
  return {
    people,
    more: useLoadMore(query),
    query,
  };
}

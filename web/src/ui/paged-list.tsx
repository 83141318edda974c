import { ServerCrash } from "lucide-react";
import type { ReactNode } from "react";
import { errorMessage } from "../api/problem";
import { strings } from "../strings";
import { Button, LoadingDots } from "./button";
import { LoadMore } from "./load-more";
import { Notice } from "./notice";
import { useLoadMore } from "./use-load-more";

/** The fields of an infinite query that a list needs. */
interface Pages {
  isPending: boolean;
  isError: boolean;
  error: unknown;
  isFetching: boolean;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  refetch: () => unknown;
  fetchNextPage: () => unknown;
}

interface Props<Item> {
  query: Pages;
  items: readonly Item[] | undefined;
  label: string;
  /** Rendered instead of an empty list. */
  empty: ReactNode;
  failedTitle: string;
  keyOf: (item: Item) => number;
  children: (item: Item) => ReactNode;
}

/** A list that loads page by page, with loading, error and empty states. */
export function PagedList<Item>(props: Props<Item>) {
  const { query, items, label, empty, failedTitle, keyOf, children } = props;
  const more = useLoadMore(query);
  if (!items) {
    if (query.isPending) {
      return (
        <div className="paged-list__waiting" role="status">
          <span className="visually-hidden">{strings.loading}</span>
          <LoadingDots />
        </div>
      );
    }
    return (
      <Notice
        icon={<ServerCrash />}
        title={failedTitle}
        action={
          <Button onClick={query.refetch} busy={query.isFetching}>
            {strings.retry}
          </Button>
        }
        alert
      >
        {errorMessage(query.error)}
      </Notice>
    );
  }
  if (items.length === 0) return empty;
  return (
    <>
      <ul className="paged-list" aria-label={label}>
        {items.map((item) => (
          <li key={keyOf(item)}>{children(item)}</li>
        ))}
      </ul>
      <LoadMore {...more} />
    </>
  );
}

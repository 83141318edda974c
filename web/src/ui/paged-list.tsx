import { ServerCrash } from "lucide-react";
import type { ReactNode } from "react";
import { sentenceFor } from "../api/problem";
import { words } from "../strings";
import { Button, Dots } from "./button";
import { More } from "./load-more";
import { Notice } from "./notice";
import { useMore } from "./use-load-more";

/** As much of a paged query as a list needs. */
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
  /** Stands where the list would be when there is nothing. */
  empty: ReactNode;
  failedTitle: string;
  keyOf: (item: Item) => number;
  children: (item: Item) => ReactNode;
}

/** A list that is fetched page by page, with a word for every state it can be in. */
export function PagedList<Item>(props: Props<Item>) {
  const { query, items, label, empty, failedTitle, keyOf, children } = props;
  const more = useMore(query);
  if (!items) {
    if (query.isPending) {
      return (
        <div className="paged-list__waiting" role="status">
          <span className="visually-hidden">{words.loading}</span>
          <Dots />
        </div>
      );
    }
    return (
      <Notice
        icon={<ServerCrash />}
        title={failedTitle}
        action={
          <Button onClick={query.refetch} busy={query.isFetching}>
            {words.retry}
          </Button>
        }
        alert
      >
        {sentenceFor(query.error)}
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
      <More {...more} />
    </>
  );
}

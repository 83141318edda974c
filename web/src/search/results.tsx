import { useInfiniteQuery } from "@tanstack/react-query";
import { CloudOff, Search, SearchX, ServerCrash } from "lucide-react";
import { useEffect, useMemo, useRef } from "react";
import { errorMessage, Problem, statusOf, Unreachable } from "../api/problem";
import type { FoundMessage } from "../api/types";
import { useConnectionState } from "../cable/context";
import { MessageCard } from "../messages/message-card";
import { strings } from "../strings";
import { Button, LoadingDots } from "../ui/button";
import { LoadMore } from "../ui/load-more";
import { Notice } from "../ui/notice";
import { Loading } from "../ui/query-boundary";
import { useLoadMore } from "../ui/use-load-more";
import { searchResultsQuery } from "./queries";
import { parseFilters } from "./query";
import { saveResultPosition } from "./result-positions";
import { snippetParts } from "./snippet";
import { useResultScroll } from "./use-result-scroll";

interface Props {
  query: string;
  visit: string;
  /** The result that the user returns from. */
  place: number | null;
  /** Called with the number of results loaded so far. */
  onCount: (count: string | null) => void;
}

/** The results, newest at the bottom. Older pages load when the reader scrolls up. */
export function Results({ query, visit, place, onCount }: Props) {
  const search = useInfiniteQuery(searchResultsQuery(query));
  const found = useMemo(
    () => search.data?.pages.toReversed().flatMap(({ items }) => items),
    [search.data],
  );
  const { hasNextPage, refetch } = search;
  const more = useLoadMore(search);
  const { list, onScroll } = useResultScroll(found !== undefined, place);
  useRefetchOnReconnect(search.isError, refetch);

  const count = found ? strings.search.count(found.length, hasNextPage) : null;
  useEffect(() => onCount(count), [count, onCount]);

  return (
    <>
      <span className="visually-hidden" role="status">
        {search.isFetching && !found && strings.loading}
        {found && strings.search.found(found.length, hasNextPage, query)}
      </span>
      <div className="search__list" ref={list} onScroll={onScroll}>
        {!found && (search.isError ? <Failed error={search.error} retry={refetch} /> : <Loading />)}
        {found && <LoadMore {...more} label={strings.search.older} />}
        {found?.length === 0 && (hasNextPage ? <StillSearching /> : <NoResults query={query} />)}
        {found && found.length > 0 && (
          <ol className="search__results" aria-label={strings.search.results}>
            {found.map((message) => (
              <li key={message.id} data-result={message.id}>
                <ResultCard
                  message={message}
                  onOpen={() => saveResultPosition(visit, message.id)}
                />
              </li>
            ))}
          </ol>
        )}
      </div>
    </>
  );
}

function ResultCard({ message, onOpen }: { message: FoundMessage; onOpen: () => void }) {
  return (
    <MessageCard
      message={message}
      room={message.room}
      headline={message.creator.name}
      onOpen={onOpen}
      excerpt={
        message.snippet === ""
          ? undefined
          : snippetParts(message.snippet).map(({ text, isMatch }, index) =>
              // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a snippet are never reordered
              isMatch ? <mark key={index}>{text}</mark> : text,
            )
      }
    />
  );
}

/** The server examined many messages without a match; the next page continues. */
function StillSearching() {
  return (
    <Notice icon={<Search />} title={strings.search.lookingTitle}>
      {strings.search.looking} <LoadingDots />
    </Notice>
  );
}

function NoResults({ query }: { query: string }) {
  const hasFilters = parseFilters(query).length > 0;
  return (
    <Notice icon={<Search />} title={strings.search.nothingTitle}>
      {hasFilters ? strings.search.nothingFiltered : strings.search.nothing}
    </Notice>
  );
}

function Failed({ error, retry }: { error: unknown; retry: () => unknown }) {
  if (statusOf(error) === 403) {
    return (
      <Notice icon={<SearchX />} title={strings.search.offTitle} alert>
        {strings.search.off}
      </Notice>
    );
  }
  if (error instanceof Problem && error.status === 422) {
    return (
      <Notice icon={<SearchX />} title={strings.search.refusedTitle} alert>
        {Object.values(error.fields)[0] ?? error.message}
      </Notice>
    );
  }
  const isOffline = error instanceof Unreachable;
  return (
    <Notice
      icon={isOffline ? <CloudOff /> : <ServerCrash />}
      title={isOffline ? strings.search.offlineTitle : strings.search.failedTitle}
      action={<Button onClick={() => retry()}>{strings.retry}</Button>}
      alert
    >
      {isOffline ? strings.search.offline : errorMessage(error)}
    </Notice>
  );
}

/**
 * Refetches when the live connection returns: failed searches, and results that changed in the
 * meantime.
 */
function useRefetchOnReconnect(
  failed: boolean,
  refetch: (options: { cancelRefetch: boolean }) => unknown,
) {
  const state = useConnectionState();
  const isMissed = useRef(false);
  // A new page connects shortly after its first request, so nothing was missed.
  if (failed || state === "offline") isMissed.current = true;
  useEffect(() => {
    if (state !== "connected" || !isMissed.current) return;
    isMissed.current = false;
    refetch({ cancelRefetch: false });
  }, [state, refetch]);
}

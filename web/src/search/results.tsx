import { useInfiniteQuery } from "@tanstack/react-query";
import { CloudOff, Search, SearchX, ServerCrash } from "lucide-react";
import { useEffect, useMemo, useRef } from "react";
import { Problem, sentenceFor, statusOf, Unreachable } from "../api/problem";
import type { FoundMessage } from "../api/types";
import { useConnectionState } from "../cable/context";
import { MessageCard } from "../messages/message-card";
import { words } from "../strings";
import { Button, Dots } from "../ui/button";
import { More } from "../ui/load-more";
import { Notice } from "../ui/notice";
import { Loading } from "../ui/query-boundary";
import { useMore } from "../ui/use-load-more";
import { foundQuery } from "./queries";
import { filtersIn } from "./query";
import { rememberPlace } from "./result-positions";
import { piecesOf } from "./snippet";
import { useResultScroll } from "./use-result-scroll";

interface Props {
  query: string;
  visit: string;
  /** The message somebody comes back from. */
  place: number | null;
  /** Told how many there are, as far as they are read. */
  onCount: (count: string | null) => void;
}

/** What was found, the newest at the bottom; older parts are read as one comes near the top. */
export function Results({ query, visit, place, onCount }: Props) {
  const search = useInfiniteQuery(foundQuery(query));
  const found = useMemo(
    () => search.data?.pages.toReversed().flatMap(({ items }) => items),
    [search.data],
  );
  const { hasNextPage, refetch } = search;
  const more = useMore(search);
  const { list, onScroll } = useResultScroll(found !== undefined, place);
  useReturn(search.isError, refetch);

  const count = found ? words.search.count(found.length, hasNextPage) : null;
  useEffect(() => onCount(count), [count, onCount]);

  return (
    <>
      <span className="visually-hidden" role="status">
        {search.isFetching && !found && words.loading}
        {found && words.search.found(found.length, hasNextPage, query)}
      </span>
      <div className="search__list" ref={list} onScroll={onScroll}>
        {!found && (search.isError ? <Failed error={search.error} retry={refetch} /> : <Loading />)}
        {found && <More {...more} label={words.search.older} />}
        {found?.length === 0 && (hasNextPage ? <Looking /> : <Nothing query={query} />)}
        {found && found.length > 0 && (
          <ol className="search__results" aria-label={words.search.results}>
            {found.map((message) => (
              <li key={message.id} data-result={message.id}>
                <Found message={message} onOpen={() => rememberPlace(visit, message.id)} />
              </li>
            ))}
          </ol>
        )}
      </div>
    </>
  );
}

function Found({ message, onOpen }: { message: FoundMessage; onOpen: () => void }) {
  return (
    <MessageCard
      message={message}
      room={message.room}
      headline={message.creator.name}
      onOpen={onOpen}
      excerpt={
        message.snippet === ""
          ? undefined
          : piecesOf(message.snippet).map(({ text, isMatch }, index) =>
              // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never move
              isMatch ? <mark key={index}>{text}</mark> : text,
            )
      }
    />
  );
}

/** The server looked through many messages and stopped for breath. */
function Looking() {
  return (
    <Notice icon={<Search />} title={words.search.lookingTitle}>
      {words.search.looking} <Dots />
    </Notice>
  );
}

function Nothing({ query }: { query: string }) {
  const hasFilters = filtersIn(query).length > 0;
  return (
    <Notice icon={<Search />} title={words.search.nothingTitle}>
      {hasFilters ? words.search.nothingFiltered : words.search.nothing}
    </Notice>
  );
}

function Failed({ error, retry }: { error: unknown; retry: () => unknown }) {
  if (statusOf(error) === 403) {
    return (
      <Notice icon={<SearchX />} title={words.search.offTitle} alert>
        {words.search.off}
      </Notice>
    );
  }
  if (error instanceof Problem && error.status === 422) {
    return (
      <Notice icon={<SearchX />} title={words.search.refusedTitle} alert>
        {Object.values(error.fields)[0] ?? error.message}
      </Notice>
    );
  }
  const isOffline = error instanceof Unreachable;
  return (
    <Notice
      icon={isOffline ? <CloudOff /> : <ServerCrash />}
      title={isOffline ? words.search.offlineTitle : words.search.failedTitle}
      action={<Button onClick={() => retry()}>{words.retry}</Button>}
      alert
    >
      {isOffline ? words.search.offline : sentenceFor(error)}
    </Notice>
  );
}

/** Asks anew when the live connection is back: for what failed, and for what changed meanwhile. */
function useReturn(failed: boolean, refetch: (options: { cancelRefetch: boolean }) => unknown) {
  const state = useConnectionState();
  const isMissed = useRef(false);
  // A page that was just opened is connected a moment after it asked: nothing was missed.
  if (failed || state === "offline") isMissed.current = true;
  useEffect(() => {
    if (state !== "connected" || !isMissed.current) return;
    isMissed.current = false;
    refetch({ cancelRefetch: false });
  }, [state, refetch]);
}

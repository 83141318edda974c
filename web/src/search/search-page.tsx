import { SearchX } from "lucide-react";
import { useRef, useState } from "react";
import { useLocation, useSearchParams } from "react-router";
import { strings } from "../strings";
import { finePointer, matchesMedia } from "../ui/media";
import { Notice } from "../ui/notice";
import { Page } from "../ui/page";
import { usePageTitle } from "../ui/page-title";
import { RecentSearches } from "./recent-searches";
import { resultPosition } from "./result-positions";
import { Results } from "./results";
import { SearchBar } from "./search-bar";
import { SearchHelp } from "./search-help";
import { useResultKeys } from "./use-result-keys";
import type { SearchNavigationState } from "./use-search";
import { useSearchEnabled } from "./use-search-enabled";

/** `/searches?q=`: searches the messages of the user's rooms. */
export default function SearchPage() {
  const [params] = useSearchParams();
  const query = (params.get("q") ?? "").trim();
  const { key, state } = useLocation();
  usePageTitle(query === "" ? strings.search.title : strings.search.titleOf(query));
  if (!useSearchEnabled()) return <SearchDisabled />;
  const navigationState = state as SearchNavigationState | null;
  return (
    <SearchScreen
      key={query}
      query={query}
      visit={key}
      removed={navigationState?.withoutFilter ?? null}
    />
  );
}

interface Props {
  query: string;
  /** The key of the history entry. */
  visit: string;
  /** The index of the filter that was removed to get here: the focus stays near it. */
  removed: number | null;
}

function SearchScreen({ query, visit, removed }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(query);
  const [count, setCount] = useState<string | null>(null);
  const onKeyDown = useResultKeys(field, text, setText);
  const [place] = useState(() => resultPosition(visit));
  // The on-screen keyboard would cover the results.
  const takesFocus =
    place === null && (query === "" || (removed === null && matchesMedia(finePointer)));

  const add = (piece: string) => {
    setText((typed) => [typed.trim(), piece].filter(Boolean).join(" "));
    field.current?.focus();
  };

  return (
    <main className="room search" id="main-content" tabIndex={-1} onKeyDown={onKeyDown}>
      <header className="search__top">
        <h1 className="room__name">
          <span className="search__query">
            {query === "" ? strings.search.title : strings.search.quoted(query)}
          </span>
          {count !== null && <span className="search__count">{count}</span>}
        </h1>
        {query !== "" && <RecentSearches look="row" except={query} />}
      </header>
      {query === "" ? (
        <div className="search__list">
          <div className="search__start">
            <RecentSearches look="list" />
            <SearchHelp onPick={add} />
          </div>
        </div>
      ) : (
        <Results query={query} visit={visit} place={place} onCount={setCount} />
      )}
      <footer className="room__footer">
        <SearchBar
          query={query}
          text={text}
          onText={setText}
          field={field}
          takesFocus={takesFocus}
          removed={place === null && query !== "" ? removed : null}
        />
      </footer>
    </main>
  );
}

function SearchDisabled() {
  return (
    <Page>
      <Notice icon={<SearchX />} title={strings.search.offTitle}>
        {strings.search.off}
      </Notice>
    </Page>
  );
}

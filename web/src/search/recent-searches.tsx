import { useQuery, useQueryClient } from "@tanstack/react-query";
import { BrushCleaning, History } from "lucide-react";
import { useId, useState } from "react";
import { flushSync } from "react-dom";
import { Link } from "react-router";
import { strings } from "../strings";
import { classNames, IconButton } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { focusPage } from "../ui/focus-page";
import { clearRecentSearches, recentSearchesQuery, saveRecentSearch } from "./queries";
import { searchPath } from "./query";

interface Props {
  /** A list on the empty search page, or a row above the results. */
  look: "list" | "row";
  /** The current query, which is left out. */
  except?: string;
}

/** Recent searches, to repeat them. */
export function RecentSearches({ look, except }: Props) {
  const id = useId();
  const cache = useQueryClient();
  const { data: searches } = useQuery(recentSearchesQuery);
  const [isConfirming, setIsConfirming] = useState(false);
  const shown = searches?.filter(({ query }) => query !== except) ?? [];
  // Optional: without them the page works as well.
  if (shown.length === 0) return null;

  const save = (query: string) => {
    saveRecentSearch(cache, query).catch(() => undefined);
  };
  const clear = async () => {
    await clearRecentSearches(cache);
    // At once: elements behind a dialog cannot get the focus, and the button that would get it
    // disappears.
    flushSync(() => setIsConfirming(false));
    focusPage();
  };

  return (
    <nav className={classNames("recent", `recent--${look}`)} aria-labelledby={id}>
      <h2 className={look === "row" ? "visually-hidden" : "recent__title"} id={id}>
        {strings.search.recent}
      </h2>
      <ul className="recent__list">
        {shown.map(({ id, query }) => (
          <li key={id}>
            <Link className="recent__link" to={searchPath(query)} onClick={() => save(query)}>
              <History aria-hidden="true" />
              <span className="recent__query" dir="auto">
                {query}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      <IconButton
        label={strings.search.clearRecent}
        className="recent__forget"
        onClick={() => setIsConfirming(true)}
      >
        <BrushCleaning aria-hidden="true" />
      </IconButton>
      {isConfirming && (
        <Confirm
          title={strings.search.clearRecentTitle}
          text={strings.search.clearRecentText}
          action={strings.search.clearRecentAction}
          onConfirm={clear}
          onCancel={() => setIsConfirming(false)}
        />
      )}
    </nav>
  );
}

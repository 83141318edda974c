import { ArrowLeft, ArrowRight, Search, SlidersHorizontal, X } from "lucide-react";
import { type FormEvent, type RefObject, useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { strings } from "../strings";
import { IconButton } from "../ui/button";
import { focusPage } from "../ui/focus-page";
import { finePointer, matchesMedia } from "../ui/media";
import { FilterDialog } from "./filter-dialog";
import { maxQueryLength, parseFilters, withoutFilter } from "./query";
import { type SearchNavigationState, useSearch } from "./use-search";

interface Props {
  /** The query of the results. */
  query: string;
  /** The text in the field. */
  text: string;
  onText: (text: string) => void;
  field: RefObject<HTMLInputElement | null>;
  takesFocus: boolean;
  /** The index of the filter that was just removed: the filter at this index gets the focus. */
  removed: number | null;
}

/** The search field with the active filters above it. */
export function SearchBar({ query, text, onText, field, takesFocus, removed }: Props) {
  const search = useSearch();
  const [isFilterDialogOpen, setIsFilterDialogOpen] = useState(false);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    search(text);
  };
  const clear = () => {
    onText("");
    field.current?.focus();
  };

  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: not all supported browsers have the search element */}
      <form className="search-bar" role="search" onSubmit={submit}>
        <ActiveFilters query={query} search={search} removed={removed} field={field} />
        <Link
          className="icon-button icon-button--plain"
          to="/"
          title={strings.search.exit}
          aria-label={strings.search.exit}
        >
          <ArrowLeft className="flips" aria-hidden="true" />
        </Link>
        <span className="search-bar__box">
          <Search className="search-bar__icon" aria-hidden="true" />
          <input
            ref={field}
            className="search-bar__field"
            type="search"
            aria-label={strings.search.field}
            placeholder={strings.search.placeholder}
            value={text}
            maxLength={maxQueryLength}
            autoComplete="off"
            autoCapitalize="off"
            enterKeyHint="search"
            spellCheck={false}
            dir="auto"
            // biome-ignore lint/a11y/noAutofocus: the purpose of the page is to type a query
            autoFocus={takesFocus}
            onChange={(event) => onText(event.target.value)}
          />
          {text !== "" && (
            <IconButton label={strings.search.clear} className="search-bar__inner" onClick={clear}>
              <X aria-hidden="true" />
            </IconButton>
          )}
          <IconButton
            label={strings.search.filters}
            className="search-bar__inner"
            aria-haspopup="dialog"
            onClick={() => setIsFilterDialogOpen(true)}
          >
            <SlidersHorizontal aria-hidden="true" />
          </IconButton>
        </span>
        <IconButton
          type="submit"
          label={strings.search.submit}
          look="reversed"
          disabled={!text.trim()}
        >
          <ArrowRight className="flips" aria-hidden="true" />
        </IconButton>
      </form>
      {isFilterDialogOpen && (
        <FilterDialog
          text={text}
          onDone={(wanted) => {
            setIsFilterDialogOpen(false);
            onText(wanted);
            search(wanted);
          }}
          onClose={() => setIsFilterDialogOpen(false)}
        />
      )}
    </>
  );
}

interface FilterProps {
  query: string;
  search: (query: string, came: SearchNavigationState) => void;
  removed: number | null;
  field: RefObject<HTMLInputElement | null>;
}

/** The active filters; clicking one removes it. */
function ActiveFilters({ query, search, removed, field }: FilterProps) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (removed === null) return;
    const chips = list.current?.querySelectorAll("button") ?? [];
    const chip = chips[Math.min(removed, chips.length - 1)];
    // Focusing the field would open the on-screen keyboard over the results.
    if (chip) chip.focus();
    else if (matchesMedia(finePointer)) field.current?.focus();
    else focusPage();
  }, [removed, field]);
  const filters = parseFilters(query);
  if (filters.length === 0) return null;
  return (
    <ul className="search-bar__filters" ref={list} aria-label={strings.search.activeFilters}>
      {filters.map((filter, index) => {
        const label = strings.search.filterNames[filter.name];
        return (
          <li key={filter.start}>
            <button
              type="button"
              className="filter-chip"
              title={strings.search.removeFilter}
              onClick={() => search(withoutFilter(query, filter), { withoutFilter: index })}
            >
              <span className="filter-chip__name">{label}</span>{" "}
              <span className="filter-chip__value" dir="auto">
                {filter.value}
              </span>
              <X aria-hidden="true" />
              <span className="visually-hidden"> – {strings.search.removeFilter}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

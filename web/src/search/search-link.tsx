import { Search } from "lucide-react";
import { Link } from "react-router";
import { strings } from "../strings";
import { useSearchEnabled } from "./use-search-enabled";

/** A link to the search page, next to the composer. */
export function SearchLink() {
  if (!useSearchEnabled()) return null;
  return (
    <Link
      className="icon-button icon-button--plain composer__search"
      to="/searches"
      title={strings.search.field}
      aria-label={strings.search.field}
    >
      <Search aria-hidden="true" />
    </Link>
  );
}

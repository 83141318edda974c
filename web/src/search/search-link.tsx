import { Search } from "lucide-react";
import { Link } from "react-router";
import { strings } from "../strings";
import { useSearchEnabled } from "./use-search-enabled";

/** Beside where one writes: to the messages of all rooms. */
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

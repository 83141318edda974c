import { bestMatches, type MatchKind, matchKind } from "../ui/fuzzy-match";

/** The kinds of matches that count while typing; a substring is not enough. */
const allowedMatches: readonly MatchKind[] = ["exact", "prefix", "word-prefix", "initials"];

/** The matching suggestions, best first. */
export function matchingSuggestions<Item extends { name: string }>(
  items: readonly Item[],
  query: string,
): Item[] {
  return bestMatches(items, query, allowedMatches);
}

/**
 * The suggestion that a typed space or punctuation mark accepts: one whose name is typed in full,
 * or the only one, if it starts with the query. Null if that is ambiguous.
 */
export function autocompleted<Item extends { name: string }>(
  items: readonly Item[],
  query: string,
): Item | null {
  const [first] = items;
  if (!first || query.trim() === "") return null;
  const kind = matchKind(first.name, query);
  if (kind === "exact") return first;
  return items.length === 1 && (kind === "prefix" || kind === "word-prefix") ? first : null;
}

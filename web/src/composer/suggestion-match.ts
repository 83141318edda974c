import { bestMatches, type MatchKind, matchKind } from "../ui/fuzzy-match";

/** The ways in which somebody who writes means a name; what merely contains the letters is left out. */
const allowedMatches: readonly MatchKind[] = ["whole", "start", "word", "jumping"];

/** The suggestions whose name fits what was typed, the best first. */
export function matchingSuggestions<Item extends { name: string }>(
  items: readonly Item[],
  query: string,
): Item[] {
  return bestMatches(items, query, allowedMatches);
}

/**
 * Which of the suggestions a typed space or punctuation mark accepts: the one whose name is written out, or
 * the only one, if it begins as the query does. Null while there is a choice or a mere resemblance.
 */
export function autocompleted<Item extends { name: string }>(
  items: readonly Item[],
  query: string,
): Item | null {
  const [first] = items;
  if (!first || query.trim() === "") return null;
  const way = matchKind(first.name, query);
  if (way === "whole") return first;
  return items.length === 1 && (way === "start" || way === "word") ? first : null;
}

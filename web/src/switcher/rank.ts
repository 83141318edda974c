import { type MatchKind, matchKind } from "../ui/fuzzy-match";

/** Something one can go to. */
export interface Candidate {
  /** Unlike all others, over all kinds. */
  key: string;
  name: string;
  /** How long ago one was there: 0 for the last place, and so on; null if that is not remembered. */
  recency: number | null;
}

/** How much a match of each kind is worth. */
const matchScores: Readonly<Record<MatchKind, number>> = {
  whole: 1_000,
  start: 800,
  word: 600,
  inside: 400,
  jumping: 200,
  scattered: 100,
};

/** Places visited lately gain up to this much: enough to lead among equals, not to beat a better match. */
const maxRecencyScore = 90;

const collator = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });

/** What fits a query, the best first. Without a query everything, where one was last first. */
export function ranked<C extends Candidate>(candidates: readonly C[], query: string): C[] {
  const sought = query.trim();
  return candidates
    .map((candidate) => ({ candidate, score: scoreOf(candidate, sought) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || collator.compare(a.candidate.name, b.candidate.name))
    .map(({ candidate }) => candidate);
}

function scoreOf({ name, recency }: Candidate, sought: string): number {
  const way = matchKind(name, sought);
  if (way === null) return 0;
  return (
    (sought === "" ? 1 : matchScores[way]) +
    (recency === null ? 0 : maxRecencyScore / (recency + 1))
  );
}

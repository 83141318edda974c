import { type MatchKind, matchKind } from "../ui/fuzzy-match";

export interface Candidate {
  /** Unique among all results. */
  key: string;
  name: string;
  /** 0 for the room that was opened last, and so on; null if it is not known. */
  recency: number | null;
}

/** The score of each kind of match. */
const matchScores: Readonly<Record<MatchKind, number>> = {
  exact: 1_000,
  prefix: 800,
  "word-prefix": 600,
  substring: 400,
  initials: 200,
  subsequence: 100,
};

/**
 * The maximum bonus of recent rooms: it decides between equal matches, but does not beat a better
 * one.
 */
const maxRecencyScore = 90;

const collator = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });

/** The matching candidates, best first. Without a query all of them, recent ones first. */
export function ranked<C extends Candidate>(candidates: readonly C[], query: string): C[] {
  const trimmed = query.trim();
  return candidates
    .map((candidate) => ({ candidate, score: scoreOf(candidate, trimmed) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || collator.compare(a.candidate.name, b.candidate.name))
    .map(({ candidate }) => candidate);
}

function scoreOf({ name, recency }: Candidate, trimmed: string): number {
  const kind = matchKind(name, trimmed);
  if (kind === null) return 0;
  return (
    (trimmed === "" ? 1 : matchScores[kind]) +
    (recency === null ? 0 : maxRecencyScore / (recency + 1))
  );
}

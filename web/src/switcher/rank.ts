/** Something one can go to. */
export interface Candidate {
  /** Unlike all others, over all kinds. */
  key: string;
  name: string;
  /** How long ago one was there: 0 for the last place, and so on; null if that is not remembered. */
  recency: number | null;
}

/** How much a match of each kind is worth. */
const worth = { whole: 1_000, start: 800, word: 600, inside: 400, scattered: 100 };

/** Places visited lately gain up to this much: enough to lead among equals, not to beat a better match. */
const recencyWorth = 90;

const collator = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });

/** What fits a query, the best first. Without a query everything, where one was last first. */
export function ranked<C extends Candidate>(candidates: readonly C[], query: string): C[] {
  const sought = folded(query.trim());
  return candidates
    .map((candidate) => ({ candidate, score: scoreOf(candidate, sought) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || collator.compare(a.candidate.name, b.candidate.name))
    .map(({ candidate }) => candidate);
}

function scoreOf({ name, recency }: Candidate, sought: string): number {
  const match = sought === "" ? 1 : matchOf(folded(name), sought);
  if (match === 0) return 0;
  return match + (recency === null ? 0 : recencyWorth / (recency + 1));
}

/** How well a name fits; 0 if it does not. */
function matchOf(name: string, sought: string): number {
  if (name === sought) return worth.whole;
  if (name.startsWith(sought)) return worth.start;
  const at = name.indexOf(sought);
  if (at > 0) return isWordStart(name, at) ? worth.word : worth.inside;
  return scattered(name, sought);
}

/**
 * The letters in their order with others between them, worth more the more of them begin words: as the
 * beginnings of words if that works out, otherwise wherever they come.
 */
function scattered(name: string, sought: string): number {
  const letters = [...sought].filter((letter) => letter.trim() !== "");
  const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  if (
    isSubsequence(
      letters,
      words.map((word) => word[0] ?? ""),
    )
  )
    return worth.scattered * 2;
  return isSubsequence(letters, [...name]) ? worth.scattered : 0;
}

function isSubsequence(sought: readonly string[], among: readonly string[]): boolean {
  let found = 0;
  for (const item of among) {
    if (found < sought.length && item === sought[found]) found += 1;
  }
  return found === sought.length;
}

function isWordStart(name: string, at: number): boolean {
  return at === 0 || /[^\p{L}\p{N}]/u.test(name[at - 1] ?? "");
}

/** Without case and accents. */
function folded(text: string): string {
  return text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
}

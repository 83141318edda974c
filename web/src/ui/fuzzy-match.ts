// How names are compared with what somebody types: without regard to case and accents.

/** The ways in which a name can fit, the best first. */
const matchKinds = ["whole", "start", "word", "inside", "jumping", "scattered"] as const;

/**
 * `whole`: it is the name. `start`, `word`: the name, or a later word of it, begins so. `inside`: it stands
 * somewhere in it. `jumping`: the letters are beginnings of its words ("adlo" for "Ada Lovelace").
 * `scattered`: the letters come in this order, with others between them.
 */
export type MatchKind = (typeof matchKinds)[number];

/** Without accents and case, so that "emile" finds "Émile". */
function foldCase(text: string): string {
  return text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss");
}

/** The best way in which a name fits what was typed; null if it does not. */
export function matchKind(name: string, typed: string): MatchKind | null {
  return matchFolded(foldCase(name), foldCase(typed).trim());
}

/** Whether a name contains what was typed. */
export function includesText(name: string, typed: string): boolean {
  return foldCase(name).includes(foldCase(typed.trim()));
}

/** Those whose name fits in one of these ways, the best first. Equals keep their order. */
export function bestMatches<Item extends { name: string }>(
  items: readonly Item[],
  typed: string,
  allowed: readonly MatchKind[],
): Item[] {
  const sought = foldCase(typed).trim();
  const fitting: { item: Item; rank: number }[] = [];
  for (const item of items) {
    const way = matchFolded(foldCase(item.name), sought);
    if (way && allowed.includes(way)) fitting.push({ item, rank: matchKinds.indexOf(way) });
  }
  return fitting.sort((a, b) => a.rank - b.rank).map(({ item }) => item);
}

function matchFolded(name: string, sought: string): MatchKind | null {
  if (name === sought) return "whole";
  if (name.startsWith(sought)) return "start";
  const starts = wordStarts(name);
  if (starts.some((start) => name.startsWith(sought, start))) return "word";
  if (name.includes(sought)) return "inside";
  const letters = sought.replaceAll(/\s/g, "");
  const words = starts.map((start, at) => name.slice(start, starts[at + 1]));
  if (matchesWordPrefixes(words, letters)) return "jumping";
  return isSubsequence(name, letters) ? "scattered" : null;
}

/** Where words begin: at letters and digits that follow something else. */
function wordStarts(name: string): number[] {
  return Array.from(name.matchAll(/(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu), ({ index }) => index);
}

/** Whether the letters can be taken from the beginnings of words, in order. */
function matchesWordPrefixes(words: readonly string[], wanted: string): boolean {
  // How many of the letters the words so far can have given. A set: names of many like words stay cheap.
  const given = new Set([0]);
  for (const word of words) {
    for (const before of [...given]) {
      const shared = commonPrefixLength(word, wanted.slice(before));
      for (let length = 1; length <= shared; length += 1) given.add(before + length);
    }
  }
  return given.has(wanted.length);
}

function commonPrefixLength(word: string, wanted: string): number {
  let length = 0;
  while (length < word.length && word[length] === wanted[length]) length += 1;
  return length;
}

function isSubsequence(name: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = name.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

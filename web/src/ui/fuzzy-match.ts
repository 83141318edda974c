// Fuzzy matching of names, ignoring case and accents.

/** How a name can match, best first. */
const matchKinds = [
  "exact",
  "prefix",
  "word-prefix",
  "substring",
  "initials",
  "subsequence",
] as const;

/**
 * `exact`: the whole name. `prefix`, `word-prefix`: the start of the name, or of a later word.
 * `substring`: anywhere in the name. `initials`: prefixes of its words ("adlo" for "Ada Lovelace").
 * `subsequence`: the letters in this order, with others in between.
 */
export type MatchKind = (typeof matchKinds)[number];

/** Removes accents and case, so that "emile" finds "Émile". */
function foldCase(text: string): string {
  return text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss");
}

/** The best match of a name and a query, or null. */
export function matchKind(name: string, typed: string): MatchKind | null {
  return matchFolded(foldCase(name), foldCase(typed).trim());
}

/** Whether the name contains the query. */
export function includesText(name: string, typed: string): boolean {
  return foldCase(name).includes(foldCase(typed.trim()));
}

/** The items that match in one of the allowed ways, best first. Equal matches keep their order. */
export function bestMatches<Item extends { name: string }>(
  items: readonly Item[],
  typed: string,
  allowed: readonly MatchKind[],
): Item[] {
  const foldedQuery = foldCase(typed).trim();
  const matches: { item: Item; rank: number }[] = [];
  for (const item of items) {
    const kind = matchFolded(foldCase(item.name), foldedQuery);
    if (kind && allowed.includes(kind)) matches.push({ item, rank: matchKinds.indexOf(kind) });
  }
  return matches.sort((a, b) => a.rank - b.rank).map(({ item }) => item);
}

function matchFolded(name: string, foldedQuery: string): MatchKind | null {
  if (name === foldedQuery) return "exact";
  if (name.startsWith(foldedQuery)) return "prefix";
  const starts = wordStarts(name);
  if (starts.some((start) => name.startsWith(foldedQuery, start))) return "word-prefix";
  if (name.includes(foldedQuery)) return "substring";
  const letters = foldedQuery.replaceAll(/\s/g, "");
  const words = starts.map((start, at) => name.slice(start, starts[at + 1]));
  if (matchesWordPrefixes(words, letters)) return "initials";
  return isSubsequence(name, letters) ? "subsequence" : null;
}

/** The indexes where words start: letters and digits after something else. */
function wordStarts(name: string): number[] {
  return Array.from(name.matchAll(/(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu), ({ index }) => index);
}

/** Whether `wanted` can be composed of prefixes of the words, in order. */
function matchesWordPrefixes(words: readonly string[], wanted: string): boolean {
  // How many letters the words so far can cover. A set, so that many similar words stay cheap.
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

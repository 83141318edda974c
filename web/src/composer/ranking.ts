/** How well a name fits what was typed: lower is better. */
const fit = { whole: 0, beginning: 1, word: 2, jumping: 3 } as const;

/** Without accents and case, so that "emile" finds "Émile". */
export function folded(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss");
}

/**
 * Those whose name fits, the best first: it begins with the query, then one of its words does, then the
 * letters jump from word to word ("adlo" for "Ada Lovelace"). Equals keep their order.
 */
export function ranked<Item extends { name: string }>(
  items: readonly Item[],
  query: string,
): Item[] {
  const wanted = folded(query).trim();
  const fits: { item: Item; fit: number }[] = [];
  for (const item of items) {
    const found = fitOf(folded(item.name), wanted);
    if (found !== null) fits.push({ item, fit: found });
  }
  return fits.sort((a, b) => a.fit - b.fit).map(({ item }) => item);
}

/**
 * Which of the suggestions a typed space or punctuation mark accepts: the one whose name is written out, or
 * the only one, if it begins as the query does. Null while there is a choice or a mere resemblance.
 */
export function completed<Item extends { name: string }>(
  items: readonly Item[],
  query: string,
): Item | null {
  const wanted = folded(query).trim();
  const [first] = items;
  if (!first || wanted === "") return null;
  const best = fitOf(folded(first.name), wanted);
  if (best === fit.whole) return first;
  return items.length === 1 && (best === fit.beginning || best === fit.word) ? first : null;
}

function fitOf(name: string, wanted: string): number | null {
  if (name === wanted) return fit.whole;
  if (name.startsWith(wanted)) return fit.beginning;
  const words = name.split(/[\s\-_.'’]+/);
  let rest = name;
  for (const word of words) {
    rest = rest.slice(rest.indexOf(word));
    if (word !== "" && rest.startsWith(wanted)) return fit.word;
    rest = rest.slice(word.length);
  }
  return jumps(words, wanted.replaceAll(" ", "")) ? fit.jumping : null;
}

/** Whether the letters can be taken from the beginnings of words, in order. */
function jumps(words: readonly string[], wanted: string): boolean {
  if (wanted === "") return true;
  return words.some((word, at) => {
    const later = words.slice(at + 1);
    for (let taken = sharedLength(word, wanted); taken > 0; taken -= 1) {
      if (jumps(later, wanted.slice(taken))) return true;
    }
    return false;
  });
}

function sharedLength(word: string, wanted: string): number {
  let length = 0;
  while (length < word.length && word[length] === wanted[length]) length += 1;
  return length;
}

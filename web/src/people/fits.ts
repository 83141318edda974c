/** Whether a name contains the words, without regard to case and accents. */
export function fits(name: string, filter: string): boolean {
  return plain(name).includes(plain(filter.trim()));
}

/** Orders people whose names fit: names that begin so, then those with a later word that does, then the rest. */
export function bestFirst<Kind extends { name: string }>(
  people: readonly Kind[],
  query: string,
): Kind[] {
  const sought = plain(query.trim());
  const rank = ({ name }: Kind) => {
    const text = plain(name);
    if (text.startsWith(sought)) return 0;
    return text.split(/[\s-]+/).some((word) => word.startsWith(sought)) ? 1 : 2;
  };
  return people.toSorted((a, b) => rank(a) - rank(b));
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}

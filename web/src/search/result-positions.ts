// Which result somebody followed from which visit to the search screen, so that going back leads to it.

/** More visits than anybody goes back. */
const most = 20;

const places = new Map<string, number>();

/** `visit` is the router's key of the place in the browser's history. */
export function rememberPlace(visit: string, messageId: number) {
  places.delete(visit);
  places.set(visit, messageId);
  for (const oldest of [...places.keys()].slice(0, places.size - most)) places.delete(oldest);
}

export function placeOf(visit: string): number | null {
  return places.get(visit) ?? null;
}

// Which result somebody followed from which visit to the search screen, so that going back leads to it.

/** More visits than anybody goes back. */
const maxPositions = 20;

const positions = new Map<string, number>();

/** `visit` is the router's key of the place in the browser's history. */
export function saveResultPosition(visit: string, messageId: number) {
  positions.delete(visit);
  positions.set(visit, messageId);
  for (const oldest of [...positions.keys()].slice(0, positions.size - maxPositions))
    positions.delete(oldest);
}

export function resultPosition(visit: string): number | null {
  return positions.get(visit) ?? null;
}

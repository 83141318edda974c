// The result that was opened, by history entry of the search page, so that going back scrolls to
// it.

/** How many positions are kept; few users go back further. */
const maxPositions = 20;

const positions = new Map<string, number>();

/** `visit` is React Router's key of the history entry. */
export function saveResultPosition(visit: string, messageId: number) {
  positions.delete(visit);
  positions.set(visit, messageId);
  for (const oldest of [...positions.keys()].slice(0, positions.size - maxPositions))
    positions.delete(oldest);
}

export function resultPosition(visit: string): number | null {
  return positions.get(visit) ?? null;
}

/** How many rooms are remembered. */
const maxRooms = 20;

/** The room this person looked at last on this device. */
export function lastRoom(userId: number): number | null {
  return recentRooms(userId)[0] ?? null;
}

/** The rooms this person looked at on this device, the last one first. */
export function recentRooms(userId: number): number[] {
  try {
    // Once, only the last one was remembered.
    const kept: unknown = [JSON.parse(localStorage.getItem(storageKey(userId)) ?? "[]")].flat();
    return Array.isArray(kept) ? kept.filter(Number.isSafeInteger) : [];
  } catch {
    return [];
  }
}

export function addRecentRoom(userId: number, roomId: number) {
  const others = recentRooms(userId).filter((id) => id !== roomId);
  const rooms = [roomId, ...others].slice(0, maxRooms);
  try {
    localStorage.setItem(storageKey(userId), JSON.stringify(rooms));
  } catch {
    // A full or forbidden storage: the next visit begins in another room.
  }
}

function storageKey(userId: number): string {
  return `campfire-last-room-${userId}`;
}

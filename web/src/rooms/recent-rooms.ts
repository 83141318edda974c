const maxRooms = 20;

/** The room this user opened last on this device. */
export function lastRoom(userId: number): number | null {
  return recentRooms(userId)[0] ?? null;
}

/** The rooms this user opened on this device, latest first. */
export function recentRooms(userId: number): number[] {
  try {
    // An earlier version stored a single id.
    const stored: unknown = [JSON.parse(localStorage.getItem(storageKey(userId)) ?? "[]")].flat();
    return Array.isArray(stored) ? stored.filter(Number.isSafeInteger) : [];
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
    // Storage is full or unavailable: the next visit starts in another room.
  }
}

function storageKey(userId: number): string {
  return `campfire-last-room-${userId}`;
}

/** The room this person looked at last on this device. */
export function rememberRoom(userId: number, roomId: number) {
  localStorage.setItem(keyFor(userId), String(roomId));
}

export function lastRoom(userId: number): number | null {
  return Number(localStorage.getItem(keyFor(userId))) || null;
}

function keyFor(userId: number): string {
  return `campfire-last-room-${userId}`;
}

// Which person this browser is signed in as, for all its tabs: the cookie, which decides, cannot be read.
const key = "campfire-user";

/** This person signed in here, or turned out to be. */
export function setCurrentUserId(userId: number) {
  try {
    localStorage.setItem(key, String(userId));
  } catch {
    // Without storage there is only what this tab knows.
  }
}

/** Who signed in here last and has not signed out; null also where that cannot be kept. */
export function currentUserId(): number | null {
  try {
    const known = Number(localStorage.getItem(key));
    return Number.isSafeInteger(known) && known > 0 ? known : null;
  } catch {
    return null;
  }
}

/** Nobody is signed in here any more. */
export function clearCurrentUserId() {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was noted either.
  }
}

/** Whether nobody else has signed in since, in another tab. */
export function isStillCurrentUser(userId: number): boolean {
  try {
    const known = localStorage.getItem(key);
    return known === null || known === String(userId);
  } catch {
    return true;
  }
}

/**
 * Calls `listener` when somebody else signs in, in another tab, and when the browser brings this page back
 * as it was after this person left: going back must not show it to whoever came next. Returns how to stop.
 */
export function onUserChange(userId: number, listener: () => void): () => void {
  const look = (event: StorageEvent) => {
    if (event.key === key && !isStillCurrentUser(userId)) listener();
  };
  const back = ({ persisted }: PageTransitionEvent) => {
    if (persisted && currentUserId() !== userId) listener();
  };
  window.addEventListener("storage", look);
  window.addEventListener("pageshow", back);
  return () => {
    window.removeEventListener("storage", look);
    window.removeEventListener("pageshow", back);
  };
}

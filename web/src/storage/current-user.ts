// The id of the user who is signed in, shared by all tabs. The session cookie decides, but scripts
// cannot read it.
const key = "campfire-user";

export function setCurrentUserId(userId: number) {
  try {
    localStorage.setItem(key, String(userId));
  } catch {
    // Without storage only this tab knows the user.
  }
}

/**
 * The user who signed in last and has not signed out. Null if there is none, or if storage is
 * unavailable.
 */
export function currentUserId(): number | null {
  try {
    const known = Number(localStorage.getItem(key));
    return Number.isSafeInteger(known) && known > 0 ? known : null;
  } catch {
    return null;
  }
}

export function clearCurrentUserId() {
  try {
    localStorage.removeItem(key);
  } catch {
    // Without storage nothing was saved either.
  }
}

/** False if another user has signed in since, in another tab. */
export function isStillCurrentUser(userId: number): boolean {
  try {
    const known = localStorage.getItem(key);
    return known === null || known === String(userId);
  } catch {
    return true;
  }
}

/**
 * Calls `listener` when another user signs in in another tab, and when the browser restores this
 * page from its back/forward cache after the user signed out: going back must not show the page to
 * the next user. Returns a function that unsubscribes.
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

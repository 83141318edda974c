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
    const stored = Number(localStorage.getItem(key));
    return Number.isSafeInteger(stored) && stored > 0 ? stored : null;
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
    const stored = localStorage.getItem(key);
    return stored === null || stored === String(userId);
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
  const onStorage = (event: StorageEvent) => {
    if (event.key === key && !isStillCurrentUser(userId)) listener();
  };
  const onPageShow = ({ persisted }: PageTransitionEvent) => {
    if (persisted && currentUserId() !== userId) listener();
  };
  window.addEventListener("storage", onStorage);
  window.addEventListener("pageshow", onPageShow);
  return () => {
    window.removeEventListener("storage", onStorage);
    window.removeEventListener("pageshow", onPageShow);
  };
}

// Which person this browser is signed in as, for all its tabs: the cookie, which decides, cannot be read.
const key = "campfire-user";

/** This person signed in here, or turned out to be. */
export function noteUser(userId: number) {
  try {
    localStorage.setItem(key, String(userId));
  } catch {
    // Without storage there is only what this tab knows.
  }
}

/** Whether nobody else has signed in since, in another tab. */
export function isStillSignedIn(userId: number): boolean {
  try {
    const known = localStorage.getItem(key);
    return known === null || known === String(userId);
  } catch {
    return true;
  }
}

/** Calls `listener` when somebody else signs in, in another tab. Returns how to stop. */
export function onOtherUser(userId: number, listener: () => void): () => void {
  const look = (event: StorageEvent) => {
    if (event.key === key && !isStillSignedIn(userId)) listener();
  };
  window.addEventListener("storage", look);
  return () => window.removeEventListener("storage", look);
}

/** Where somebody wanted to go before they had to sign in. Kept for this tab only. */
const key = "campfire-return-to";

export function saveReturnPath(path: string) {
  sessionStorage.setItem(key, path);
}

export function clearReturnPath() {
  sessionStorage.removeItem(key);
}

/** The remembered place, or the start page. */
export function returnPath(): string {
  const path = sessionStorage.getItem(key);
  // Only ever a path of our own: never "//elsewhere" or another scheme.
  return path && /^\/(?![/\\])/.test(path) ? path : "/";
}

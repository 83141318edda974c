/** The page that was requested before signing in. Kept for this tab. */
const key = "campfire-return-to";

export function saveReturnPath(path: string) {
  sessionStorage.setItem(key, path);
}

export function clearReturnPath() {
  sessionStorage.removeItem(key);
}

/** The saved path, or "/". */
export function returnPath(): string {
  const path = sessionStorage.getItem(key);
  // Only paths on this origin: never "//example.com" or a URL with a scheme.
  return path && /^\/(?![/\\])/.test(path) ? path : "/";
}

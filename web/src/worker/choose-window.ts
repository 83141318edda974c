// Chooses the window to show when a notification is clicked.

/** A window of the app and its current path. */
export interface OpenWindow<Client> {
  client: Client;
  path: string;
  isFocused: boolean;
  isVisible: boolean;
}

/**
 * A window at this path, else the focused one, else a visible one, else the last used. `windows` is
 * ordered by last use.
 */
export function chooseWindow<Client>(
  windows: readonly OpenWindow<Client>[],
  path: string,
): OpenWindow<Client> | undefined {
  const there = windows.filter((window) => window.path === path);
  const among = there.length > 0 ? there : windows;
  return (
    among.find(({ isFocused }) => isFocused) ?? among.find(({ isVisible }) => isVisible) ?? among[0]
  );
}

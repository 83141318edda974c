// Which of the open windows a notification leads to.

/** A window of the app, and what it shows. */
export interface OpenWindow<Client> {
  client: Client;
  path: string;
  isFocused: boolean;
  isVisible: boolean;
}

/** The one that shows the page already; else the one in use; else the one used last. They come in that order. */
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

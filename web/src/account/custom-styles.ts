// The account's own styles in this page: the saved ones come as a file of their own, a preview as a
// sheet that only this page knows. The policy allows no other way, and neither can carry a script.

const address = "/account/styles.css";

/** What the server takes at most, in bytes. */
export const largestStyles = 64 * 1024;

/** How large a text is on its way to the server. */
export function sizeOf(css: string): number {
  return new TextEncoder().encode(css).length;
}

/** Whether the address asks to leave custom styles out, as when they made Campfire unusable. */
function isSafe(): boolean {
  return new URLSearchParams(window.location.search).has("safe-styles");
}

/** Shows these styles in place of the saved ones until `stop` is called. */
export function previewStyles(css: string): { rules: number; stop: () => void } {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  const saved = savedLinks();
  for (const link of saved) link.disabled = true;
  document.adoptedStyleSheets.push(sheet);
  const stop = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
    for (const link of saved) link.disabled = false;
  };
  return { rules: sheet.cssRules.length, stop };
}

/** Fetches the saved styles anew and shows them in this page. */
export function reloadSavedStyles() {
  if (isSafe()) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = `${address}?v=${Date.now()}`;
  // The old ones stay until the new ones are there, so that nothing flickers.
  const old = savedLinks();
  const settle = () => {
    for (const other of old) other.remove();
  };
  link.addEventListener("load", settle);
  link.addEventListener("error", settle);
  document.head.append(link);
}

function savedLinks(): HTMLLinkElement[] {
  return [
    ...document.querySelectorAll<HTMLLinkElement>(`link[rel="stylesheet"][href^="${address}"]`),
  ];
}

// The account's custom styles on this page: saved ones are a linked file, a preview is a
// constructed style sheet. The Content-Security-Policy allows no other styles, and neither form can
// contain scripts.

const stylesheetUrl = "/account/styles.css";

/** The server's limit, in bytes. */
export const maxStylesBytes = 64 * 1024;

/** The size in UTF-8 bytes. */
export function sizeOf(css: string): number {
  return new TextEncoder().encode(css).length;
}

/** Whether the URL asks to disable custom styles, for when they make the app unusable. */
function isSafe(): boolean {
  return new URLSearchParams(window.location.search).has("safe-styles");
}

/** Applies these styles instead of the saved ones until `stop` is called. */
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

/** Reloads and applies the saved styles. */
export function reloadSavedStyles() {
  if (isSafe()) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = `${stylesheetUrl}?v=${Date.now()}`;
  // The old styles stay until the new ones are loaded, to avoid flicker.
  const old = savedLinks();
  const removeOld = () => {
    for (const other of old) other.remove();
  };
  link.addEventListener("load", removeOld);
  link.addEventListener("error", removeOld);
  document.head.append(link);
}

function savedLinks(): HTMLLinkElement[] {
  return [
    ...document.querySelectorAll<HTMLLinkElement>(
      `link[rel="stylesheet"][href^="${stylesheetUrl}"]`,
    ),
  ];
}

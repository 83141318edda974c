// Which browsers are supported. The check tests features; the versions are only shown to people.

/** The first version of each browser that supports everything the client needs. */
export const supportedBrowsers = [
  { name: "Safari", version: "17.2" },
  { name: "Chrome", version: "120" },
  { name: "Firefox", version: "121" },
  { name: "Opera", version: "104" },
] as const;

/** Session storage key of the choice to continue in an unsupported browser, for this tab. */
const overrideKey = "campfire-any-browser";

/**
 * True if the browser supports what the styles and the client need, or if the user chose to
 * continue anyway.
 */
export function isSupported(): boolean {
  return (
    (supportsRequiredCss() && "toSorted" in Array.prototype) ||
    sessionStorage.getItem(overrideKey) !== null
  );
}

export function continueAnyway() {
  sessionStorage.setItem(overrideKey, "yes");
  window.location.reload();
}

function supportsRequiredCss(): boolean {
  if (!CSS.supports("selector(:has(a))")) return false;
  try {
    // Nested rules that begin with an element name.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("a { b { color: red } }");
    const [rule] = sheet.cssRules;
    return rule instanceof CSSStyleRule && rule.cssRules.length === 1;
  } catch {
    return false;
  }
}

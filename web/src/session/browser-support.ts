// Which browsers Campfire works in. What counts is what a browser can do; the versions are for people.

/** The first version of each browser that can do all that is needed. */
export const supported = [
  { name: "Safari", version: "17.2" },
  { name: "Chrome", version: "120" },
  { name: "Firefox", version: "121" },
  { name: "Opera", version: "104" },
] as const;

/** Where somebody's wish to go on all the same is kept, for this tab. */
const overrideKey = "campfire-any-browser";

/** Whether this browser has what the styles and the client build on, or its owner wants to try. */
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
    // Rules inside rules that begin with the name of an element.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("a { b { color: red } }");
    const [rule] = sheet.cssRules;
    return rule instanceof CSSStyleRule && rule.cssRules.length === 1;
  } catch {
    return false;
  }
}

/**
 * Moves the focus to the page when the focused element is gone, so that keyboard users can continue
 * from there.
 */
export function focusPage() {
  document.getElementById("main-content")?.focus();
}

/** Gives the focus to the page, where what held it is gone: whoever uses the keyboard goes on from there. */
export function focusPage() {
  document.getElementById("main-content")?.focus();
}

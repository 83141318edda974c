/**
 * Copies text to the clipboard. On plain HTTP, where the clipboard API is unavailable, selects the
 * text and copies the selection.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

function copySelected(text: string): boolean {
  const before = document.activeElement;
  const selection = window.getSelection();
  const selected = selection?.rangeCount ? selection.getRangeAt(0) : null;
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  fieldParent(before).append(field);
  field.focus({ preventScroll: true });
  field.select();
  // If the field cannot get the focus, something else is selected, and that would be copied.
  const copied = document.activeElement === field && document.execCommand("copy");
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  if (selected) {
    selection?.removeAllRanges();
    selection?.addRange(selected);
  }
  return copied;
}

/** While a dialog is open, nothing outside it can get the focus. */
function fieldParent(focused: Element | null): Element {
  const open = [...document.querySelectorAll("dialog[open]")];
  return focused?.closest("dialog[open], [role=dialog]") ?? open.at(-1) ?? document.body;
}

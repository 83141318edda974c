/** Copies a text. Also on plain HTTP, where browsers offer no clipboard and copy only what is selected. */
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
  // Where the field cannot have the focus, something else is selected, and would be copied for it.
  const copied = document.activeElement === field && document.execCommand("copy");
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  if (selected) {
    selection?.removeAllRanges();
    selection?.addRange(selected);
  }
  return copied;
}

/** While a dialog is open, nothing outside it takes the focus. */
function fieldParent(focused: Element | null): Element {
  const open = [...document.querySelectorAll("dialog[open]")];
  return focused?.closest("dialog[open], [role=dialog]") ?? open.at(-1) ?? document.body;
}

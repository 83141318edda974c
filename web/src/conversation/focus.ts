/** Focuses a message; scrolls no further than needed. */
export function focusMessage(messageId: number) {
  document.querySelector<HTMLElement>(`[data-message-id="${messageId}"]`)?.focus();
}

/** The next message, or the previous one at the end: it gets the focus when this one disappears. */
export function neighborOf(messageId: number): number | null {
  const all = [...document.querySelectorAll<HTMLElement>("[data-message-id]")];
  const at = all.findIndex((element) => element.dataset.messageId === String(messageId));
  if (at < 0) return null;
  return Number((all[at + 1] ?? all[at - 1])?.dataset.messageId) || null;
}

/** Moves the focus to the previous or next message. Returns false at the end. */
export function moveFocus(from: Element, direction: -1 | 1): boolean {
  const row = from.closest<HTMLElement>("[data-row]");
  const rows = [...(row?.parentElement?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
  const next = row && rows[rows.indexOf(row) + direction];
  next?.focus();
  return Boolean(next);
}

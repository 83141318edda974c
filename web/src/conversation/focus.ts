/** Puts the focus on a message. Scrolls only as far as needed to show it. */
export function focusMessage(messageId: number) {
  document.querySelector<HTMLElement>(`[data-message-id="${messageId}"]`)?.focus();
}

/** The message after this one, or before it at the end: where the focus goes when it disappears. */
export function neighbourOf(messageId: number): number | null {
  const all = [...document.querySelectorAll<HTMLElement>("[data-message-id]")];
  const at = all.findIndex((element) => element.dataset.messageId === String(messageId));
  if (at < 0) return null;
  return Number((all[at + 1] ?? all[at - 1])?.dataset.messageId) || null;
}

/** Moves the focus from the message it is in to the previous or next one. False at the end. */
export function moveFocus(from: Element, direction: -1 | 1): boolean {
  const row = from.closest<HTMLElement>("[data-row]");
  const rows = [...(row?.parentElement?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
  const next = row && rows[rows.indexOf(row) + direction];
  next?.focus();
  return Boolean(next);
}

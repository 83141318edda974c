const allowedSchemes = new Set(["http:", "https:", "mailto:"]);

/** Completes a typed URL or email address with its scheme; null if it is not an allowed link. */
export function normalizeLinkUrl(text: string): string | null {
  const typed = text.trim();
  if (typed === "" || /\s/.test(typed)) return null;
  if (/^[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+$/.test(typed)) return `mailto:${typed}`;
  const address = /^[a-z][a-z\d+.-]*:(?!\d)/i.test(typed) ? typed : `https://${typed}`;
  try {
    const { protocol, hostname } = new URL(address);
    const hasTarget = protocol === "mailto:" || hostname !== "";
    return allowedSchemes.has(protocol) && hasTarget ? address : null;
  } catch {
    return null;
  }
}

/** Schemes that a link in a message may have. */
const allowedSchemes = new Set(["http:", "https:", "mailto:"]);

/** The address that somebody meant, with its scheme; null if it is none that a message may link to. */
export function normalizeLinkUrl(text: string): string | null {
  const typed = text.trim();
  if (typed === "" || /\s/.test(typed)) return null;
  if (/^[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+$/.test(typed)) return `mailto:${typed}`;
  const address = /^[a-z][a-z\d+.-]*:(?!\d)/i.test(typed) ? typed : `https://${typed}`;
  try {
    const { protocol, hostname } = new URL(address);
    const leads = protocol === "mailto:" || hostname !== "";
    return allowedSchemes.has(protocol) && leads ? address : null;
  } catch {
    return null;
  }
}

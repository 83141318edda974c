/** What fits into a boost: so many characters as the server counts them (Unicode scalars). */
export const maxBoostLength = 16;

/** The reactions one click away, in the order of the menu. */
export const quickBoosts = ["👍", "👏", "👋", "💪", "❤️", "😂", "🎉", "🔥"] as const;

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** As much of a text as fits, never half of an emoji or a letter without its accent. */
export function truncateBoost(text: string): string {
  let length = 0;
  let kept = "";
  for (const { segment } of graphemes.segment(text)) {
    length += [...segment].length;
    if (length > maxBoostLength) break;
    kept += segment;
  }
  return kept;
}

/** Whether a boost is nothing but emoji, and is shown larger. */
export function isEmojiOnly(content: string): boolean {
  return emojiOnly.test(content);
}

/** With what joins and colours them. */
const emojiOnly =
  /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u{FE0F}|\u{200D})+$/u;

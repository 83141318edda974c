/** The maximum length of a boost in Unicode scalar values, as on the server. */
export const maxBoostLength = 16;

/** The boosts in the menu of a message, in order. */
export const quickBoosts = ["👍", "👏", "👋", "💪", "❤️", "😂", "🎉", "🔥"] as const;

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Truncates to the maximum length without splitting a grapheme. */
export function truncateBoost(text: string): string {
  let length = 0;
  let result = "";
  for (const { segment } of graphemes.segment(text)) {
    length += [...segment].length;
    if (length > maxBoostLength) break;
    result += segment;
  }
  return result;
}

/** Whether a boost consists of emoji only, which are shown larger. */
export function isEmojiOnly(content: string): boolean {
  return emojiOnly.test(content);
}

/** Including joiners and modifiers. */
const emojiOnly =
  /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u{FE0F}|\u{200D})+$/u;

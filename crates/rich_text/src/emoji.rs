//! Detects texts that consist only of emoji, which are shown large.

use unicode_properties::UnicodeEmoji;
use unicode_properties::emoji::EmojiStatus;

/// Whether the text consists only of characters with emoji presentation, pictographs and the
/// variation selector U+FE0F. As in Campfire, sequences with a joiner (families, professions) and
/// keycaps do not count.
pub fn is_emoji_only(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c == '\u{fe0f}' || is_emoji(c))
}

fn is_emoji(c: char) -> bool {
    !matches!(
        c.emoji_status(),
        EmojiStatus::NonEmoji
            | EmojiStatus::NonEmojiButEmojiComponent
            | EmojiStatus::EmojiOtherAndEmojiComponent
    )
}

#[cfg(test)]
mod tests {
    use super::is_emoji_only;

    #[test]
    fn only_emoji_count() {
        for yes in ["😄🤘", "👍🏽", "🇩🇪", "❤️", "©", "↔"] {
            assert!(is_emoji_only(yes), "{yes}");
        }
        for no in ["", "Haha! 😄🤘", "😄 🤘", "😄\n🤘", "👨‍👩‍👧", "1️⃣", "#", "12"]
        {
            assert!(!is_emoji_only(no), "{no}");
        }
    }
}

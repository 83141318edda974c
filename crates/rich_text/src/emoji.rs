//! Is a text nothing but emoji? Then it is shown large.

use unicode_properties::UnicodeEmoji;
use unicode_properties::emoji::EmojiStatus;

/// Whether the text consists only of pictures: characters with emoji presentation, pictographs and
/// the selector U+FE0F. Sequences with a joiner (families, professions) and keycaps are not
/// counted, as in Campfire.
pub fn is_emoji_only(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c == '\u{fe0f}' || is_picture(c))
}

fn is_picture(c: char) -> bool {
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
    fn pictures_only() {
        for yes in ["😄🤘", "👍🏽", "🇩🇪", "❤️", "©", "↔"] {
            assert!(is_emoji_only(yes), "{yes}");
        }
        for no in ["", "Haha! 😄🤘", "😄 🤘", "😄\n🤘", "👨‍👩‍👧", "1️⃣", "#", "12"]
        {
            assert!(!is_emoji_only(no), "{no}");
        }
    }
}

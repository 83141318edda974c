//! The JSON of a notification, as Campfire's service worker reads it, truncated to the size of one
//! push message.

use std::borrow::Cow;

use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation;

use super::encryption::MAX_PLAINTEXT;

/// The longest title, in bytes of JSON; a longer one would leave no room for the body.
const MAX_TITLE: usize = 512;

/// Marks a truncated text.
const ELLIPSIS: &str = "…";

#[derive(Debug, Serialize)]
pub struct Notification<'a> {
    title: Cow<'a, str>,
    options: Options<'a>,
}

#[derive(Debug, Serialize)]
struct Options<'a> {
    body: Cow<'a, str>,
    icon: &'static str,
    data: Data<'a>,
}

#[derive(Debug, Serialize)]
struct Data<'a> {
    path: &'a str,
    badge: i64,
}

impl<'a> Notification<'a> {
    /// `path` is the page that a click opens, `badge` the number on the app's icon.
    pub fn new(title: &'a str, body: &'a str, path: &'a str, badge: i64) -> Self {
        let data = Data { path, badge };
        Self {
            title: title.into(),
            options: Options { body: body.into(), icon: "/account/logo", data },
        }
    }

    /// Serializes to at most [`MAX_PLAINTEXT`] bytes. Truncates title and body between grapheme
    /// clusters.
    pub fn to_json(mut self) -> Result<Vec<u8>, serde_json::Error> {
        truncate(&mut self.title, MAX_TITLE);
        let body = std::mem::take(&mut self.options.body);
        let available = MAX_PLAINTEXT.saturating_sub(serde_json::to_vec(&self)?.len());
        self.options.body = body;
        truncate(&mut self.options.body, available);
        serde_json::to_vec(&self)
    }
}

/// Truncates a text to `max` bytes of JSON.
fn truncate(text: &mut Cow<'_, str>, max: usize) {
    let (mut used, mut keep) = (0, 0);
    for (at, cluster) in text.grapheme_indices(true) {
        used += cluster.chars().map(json_length).sum::<usize>();
        if used > max {
            *text = format!("{}{ELLIPSIS}", text[..keep].trim_end()).into();
            return;
        }
        if used + ELLIPSIS.len() <= max {
            keep = at + cluster.len();
        }
    }
}

/// Bytes of a character in a JSON string.
fn json_length(c: char) -> usize {
    match c {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..'\u{20}' => 6,
        _ => c.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    #[test]
    fn the_json_matches_campfire() {
        let json = Notification::new("Designers", "Ada Lovelace: Hello there", "/rooms/3", 4)
            .to_json()
            .expect("JSON");
        // The tests of the client read the same file.
        assert_eq!(
            String::from_utf8(json).expect("text"),
            include_str!("../../../tests/fixtures/notification.json")
        );
    }

    #[test]
    fn grapheme_clusters_are_not_split() {
        let family = "👩‍👩‍👧‍👦";
        let mut text = Cow::from(family.repeat(3));
        truncate(&mut text, family.len() * 2 + ELLIPSIS.len() + 5);
        assert_eq!(text, format!("{family}{family}{ELLIPSIS}"));
        let mut text = Cow::from(family);
        truncate(&mut text, family.len());
        assert_eq!(text, family);
    }

    proptest! {
        #[test]
        fn notifications_fit_and_are_not_truncated_more_than_necessary(title in ".{0,400}", seed in "[\\x00-\\x7f😀é\u{301}\"\\\\]{0,300}", times in 0_usize..40) {
            let body = seed.repeat(times);
            let json = Notification::new(&title, &body, "/rooms/9223372036854775807", i64::MAX).to_json().expect("JSON");
            prop_assert!(json.len() <= MAX_PLAINTEXT);
            let value: Value = serde_json::from_slice(&json).expect("valid JSON");
            let shown = value["options"]["body"].as_str().expect("a text");
            if shown != body {
                prop_assert!(body.starts_with(shown.strip_suffix(ELLIPSIS).expect("an ellipsis")));
                // At most one cluster and white space may be missing beyond the limit.
                let longest = body.graphemes(true).map(str::len).max().unwrap_or(0);
                let blank = body.len() - body.trim_end().len() + seed.len();
                prop_assert!(json.len() + 6 * (longest + blank) + ELLIPSIS.len() >= MAX_PLAINTEXT);
            }
        }
    }
}

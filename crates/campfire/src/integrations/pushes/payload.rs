//! What a notification says, as Campfire's service worker reads it, cut to what fits into one push
//! message.

use std::borrow::Cow;

use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation;

use super::encryption::MAX_TEXT;

/// Bytes of a title at most, as written in JSON; a longer one would leave the text no room.
const MAX_TITLE: usize = 512;

/// What stands for the part that was cut off.
const CUT: &str = "…";

/// A notification.
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
    /// With the page it leads to and the number on the app's icon.
    pub fn new(title: &'a str, body: &'a str, path: &'a str, badge: i64) -> Self {
        let data = Data { path, badge };
        Self {
            title: title.into(),
            options: Options { body: body.into(), icon: "/account/logo", data },
        }
    }

    /// As JSON of at most [`MAX_TEXT`] bytes; title and body are cut where needed, between
    /// characters as people see them.
    ///
    /// # Errors
    /// None that is known: there is nothing in it that JSON cannot say.
    pub fn to_json(mut self) -> Result<Vec<u8>, serde_json::Error> {
        cut(&mut self.title, MAX_TITLE);
        let body = std::mem::take(&mut self.options.body);
        let room = MAX_TEXT.saturating_sub(serde_json::to_vec(&self)?.len());
        self.options.body = body;
        cut(&mut self.options.body, room);
        serde_json::to_vec(&self)
    }
}

/// Cuts a text so that it takes at most so many bytes in JSON.
fn cut(text: &mut Cow<'_, str>, room: usize) {
    let (mut used, mut keep) = (0, 0);
    for (at, cluster) in text.grapheme_indices(true) {
        used += cluster.chars().map(written).sum::<usize>();
        if used > room {
            *text = format!("{}{CUT}", text[..keep].trim_end()).into();
            return;
        }
        if used + CUT.len() <= room {
            keep = at + cluster.len();
        }
    }
}

/// Bytes of a character in a JSON string.
fn written(c: char) -> usize {
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
    fn the_shape_is_campfires() {
        let json = Notification::new("Designers", "Ada Lovelace: Hello there", "/rooms/3", 4)
            .to_json()
            .expect("JSON");
        // The client's tests begin with the same file: what is sent and what is read are one.
        assert_eq!(
            String::from_utf8(json).expect("text"),
            include_str!("../../../tests/fixtures/notification.json")
        );
    }

    #[test]
    fn a_family_is_not_torn_apart() {
        let family = "👩‍👩‍👧‍👦";
        let mut text = Cow::from(family.repeat(3));
        cut(&mut text, family.len() * 2 + CUT.len() + 5);
        assert_eq!(text, format!("{family}{family}{CUT}"));
        let mut text = Cow::from(family);
        cut(&mut text, family.len());
        assert_eq!(text, family);
    }

    proptest! {
        #[test]
        fn it_always_fits_and_loses_no_more_than_it_must(title in ".{0,400}", seed in "[\\x00-\\x7f😀é\u{301}\"\\\\]{0,300}", times in 0_usize..40) {
            let body = seed.repeat(times);
            let json = Notification::new(&title, &body, "/rooms/9223372036854775807", i64::MAX).to_json().expect("JSON");
            prop_assert!(json.len() <= MAX_TEXT);
            let value: Value = serde_json::from_slice(&json).expect("valid JSON");
            let shown = value["options"]["body"].as_str().expect("a text");
            if shown != body {
                prop_assert!(body.starts_with(shown.strip_suffix(CUT).expect("it is marked")));
                // A cluster and white space at its end are the most that may be missing.
                let longest = body.graphemes(true).map(str::len).max().unwrap_or(0);
                let blank = body.len() - body.trim_end().len() + seed.len();
                prop_assert!(json.len() + 6 * (longest + blank) + CUT.len() >= MAX_TEXT);
            }
        }
    }
}

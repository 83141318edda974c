//! What a webhook is sent, to the byte as Campfire writes it.
//!
//! It is written when it is sent, from what is stored then: an edited message arrives as it is now,
//! a deleted one does not leave the house any more, and the answering path holds the key that is
//! valid. So does Campfire.

use serde::Serialize;

use crate::core::ids::{MessageId, RoomId, UserId};

/// The whole of it. The order of the fields is Campfire's.
#[derive(Debug, Serialize)]
pub struct Payload<'a> {
    /// Who said it.
    pub user: Author<'a>,
    /// Where.
    pub room: Place<'a>,
    /// What.
    pub message: Words<'a>,
}

/// Who said it.
#[derive(Debug, Serialize)]
pub struct Author<'a> {
    /// Their number.
    pub id: UserId,
    /// Their name.
    pub name: &'a str,
}

/// Where it was said.
#[derive(Debug, Serialize)]
pub struct Place<'a> {
    /// The room's number.
    pub id: RoomId,
    /// Its name; null for a direct room.
    pub name: Option<&'a str>,
    /// Where the bot can answer later.
    pub path: String,
}

/// What was said.
#[derive(Debug, Serialize)]
pub struct Words<'a> {
    /// The message's number.
    pub id: MessageId,
    /// The text, twice.
    pub body: Body<'a>,
    /// The message's address for people.
    pub path: String,
}

/// The text.
#[derive(Debug, Serialize)]
pub struct Body<'a> {
    /// The stored markup, not made safe; null for a file.
    pub html: Option<&'a str>,
    /// Without markup, and without the name of the bot that was called by it.
    pub plain: String,
}

impl Payload<'_> {
    /// The bytes on the wire. Rails escapes what could end a script, and so do we: receivers may
    /// compare bytes.
    ///
    /// # Errors
    /// None in practice: numbers and texts can always be written.
    pub fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        let json = serde_json::to_string(self)?;
        let mut escaped = String::with_capacity(json.len() + 64);
        for character in json.chars() {
            match character {
                '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                    escaped.push_str(&format!("\\u{:04x}", u32::from(character)))
                }
                other => escaped.push(other),
            }
        }
        Ok(escaped.into_bytes())
    }
}

/// What is left of a text for the bot with this name.
pub fn addressed_to(bot: &str, plain: &str) -> String {
    plain.replace(&format!("@{bot}"), "").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_written_as_campfire_writes_it() {
        let payload = Payload {
            user: Author { id: UserId(5), name: "Ada & \"Co\"" },
            room: Place { id: RoomId(3), name: None, path: "/rooms/3/17-aB3/messages".into() },
            message: Words {
                id: MessageId(4711),
                body: Body {
                    html: Some("<div>Hey\u{2028}\u{1}</div>"), plain: "Hé 😀\n".into()
                },
                path: "/rooms/3/@4711".into(),
            },
        };
        let expected = concat!(
            r#"{"user":{"id":5,"name":"Ada \u0026 \"Co\""},"#,
            r#""room":{"id":3,"name":null,"path":"/rooms/3/17-aB3/messages"},"#,
            r#""message":{"id":4711,"body":{"html":"\u003cdiv\u003eHey\u2028\u0001\u003c/div\u003e","plain":"Hé 😀\n"},"path":"/rooms/3/@4711"}}"#
        );
        assert_eq!(String::from_utf8(payload.to_json().expect("JSON")).expect("text"), expected);
    }

    #[test]
    fn a_bot_does_not_read_its_own_name() {
        assert_eq!(addressed_to("Deploy Bot", "Hey @Deploy Bot deploy"), "Hey  deploy");
        assert_eq!(addressed_to("Bot", "\u{a0}@Bot \n now\u{3000}"), "now");
        assert_eq!(addressed_to("Bot", "@Other Bot"), "@Other Bot");
    }
}

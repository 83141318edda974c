//! The body of a webhook request, byte for byte as Campfire writes it.
//!
//! It is built when it is sent, as in Campfire: an edited message has its current text, a deleted one
//! is not sent, and the reply path contains the current key.

use serde::Serialize;

use crate::core::ids::{MessageId, RoomId, UserId};

/// The order of the fields is Campfire's.
#[derive(Debug, Serialize)]
pub struct Payload<'a> {
    pub user: Creator<'a>,
    pub room: Room<'a>,
    pub message: Message<'a>,
}

#[derive(Debug, Serialize)]
pub struct Creator<'a> {
    pub id: UserId,
    pub name: &'a str,
}

#[derive(Debug, Serialize)]
pub struct Room<'a> {
    pub id: RoomId,
    /// Null for a direct room.
    pub name: Option<&'a str>,
    /// Where the bot can post a reply later.
    pub path: String,
}

#[derive(Debug, Serialize)]
pub struct Message<'a> {
    pub id: MessageId,
    pub body: Body<'a>,
    /// The message in the web client.
    pub path: String,
}

#[derive(Debug, Serialize)]
pub struct Body<'a> {
    /// The stored HTML, not sanitized; null for a file.
    pub html: Option<&'a str>,
    /// Plain text without the mention of the bot.
    pub plain: String,
}

impl Payload<'_> {
    /// Serializes and escapes HTML characters as Rails does, because receivers may compare bytes.
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

/// The text without mentions of this bot.
pub fn without_bot_name(bot: &str, plain: &str) -> String {
    plain.replace(&format!("@{bot}"), "").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_matches_campfire() {
        let payload = Payload {
            user: Creator { id: UserId(5), name: "Ada & \"Co\"" },
            room: Room { id: RoomId(3), name: None, path: "/rooms/3/17-aB3/messages".into() },
            message: Message {
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
    fn mentions_of_the_bot_are_removed() {
        assert_eq!(without_bot_name("Deploy Bot", "Hey @Deploy Bot deploy"), "Hey  deploy");
        assert_eq!(without_bot_name("Bot", "\u{a0}@Bot \n now\u{3000}"), "now");
        assert_eq!(without_bot_name("Bot", "@Other Bot"), "@Other Bot");
    }
}

//! The two Action Cable protocols as JSON: what clients command and what the server says.
//!
//! `actioncable-v1-json` is Rails' own; `actioncable-v1-ext-json` is AnyCable's extension (session
//! id in the welcome, stream positions in messages, history on request).

use std::collections::HashMap;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::frame::{self, close};

/// Which protocol a socket speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Protocol {
    /// `actioncable-v1-json`
    Base,
    /// `actioncable-v1-ext-json`
    Extended,
}

impl Protocol {
    /// The first of the client's protocols that is spoken here, in the client's order.
    pub(crate) fn choose(offered: &str) -> Option<Self> {
        offered.split(',').find_map(|name| match name.trim() {
            "actioncable-v1-json" => Some(Self::Base),
            "actioncable-v1-ext-json" => Some(Self::Extended),
            _ => None,
        })
    }

    /// Its name in the handshake.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Base => "actioncable-v1-json",
            Self::Extended => "actioncable-v1-ext-json",
        }
    }
}

/// What a client wants.
#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    Subscribe {
        identifier: String,
        history: Option<History>,
    },
    Unsubscribe {
        identifier: String,
    },
    Perform {
        identifier: String,
        action: String,
    },
    History {
        identifier: String,
        history: History,
    },
    /// `pong`, and whatever other extensions a client may know: nothing to do.
    Other,
}

/// Why a text is no command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// An object in which something is missing or odd; a newer client may mean something by it.
    Odd,
    /// No object at all: no client of this protocol says such a thing.
    Alien,
}

impl Command {
    /// Reads a client's message. Fields that are not needed may be anything; history of an odd
    /// shape asks for nothing.
    pub(crate) fn parse(text: &str) -> Result<Self, Unreadable> {
        if !text.trim_start().starts_with('{') {
            return Err(Unreadable::Alien);
        }
        let said: Value = serde_json::from_str(text).map_err(|_| Unreadable::Odd)?;
        let field = |name: &str| said.get(name).and_then(Value::as_str).ok_or(Unreadable::Odd);
        let identifier = || field("identifier").map(str::to_owned);
        let history = said.get("history").and_then(History::read);
        Ok(match field("command")? {
            "subscribe" => Self::Subscribe { identifier: identifier()?, history },
            "unsubscribe" => Self::Unsubscribe { identifier: identifier()? },
            "history" => {
                Self::History { identifier: identifier()?, history: history.unwrap_or_default() }
            }
            "message" => {
                let data: Value =
                    serde_json::from_str(field("data")?).map_err(|_| Unreadable::Odd)?;
                match data.get("action").and_then(Value::as_str) {
                    Some(action) => {
                        Self::Perform { identifier: identifier()?, action: action.to_owned() }
                    }
                    None => Self::Other,
                }
            }
            _ => Self::Other,
        })
    }
}

/// From where a client wants to hear what it missed.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct History {
    /// Unix seconds, for streams of which it knows no position.
    pub(crate) since: Option<u64>,
    /// The last positions it knows, by stream.
    pub(crate) streams: HashMap<String, Position>,
}

/// A place in a stream.
#[derive(Debug, PartialEq)]
pub(crate) struct Position {
    pub(crate) epoch: String,
    pub(crate) offset: u64,
}

impl History {
    fn read(value: &Value) -> Option<Self> {
        let fields = value.as_object()?;
        // A client that wants nothing by time says `false`; one that divides milliseconds says a
        // fraction.
        let since = fields
            .get("since")
            .and_then(|since| since.as_u64().or_else(|| whole_seconds(since.as_f64()?)));
        let streams = fields.get("streams").and_then(Value::as_object).into_iter().flatten();
        let streams = streams
            .filter_map(|(name, place)| Some((name.clone(), Position::read(place)?)))
            .collect();
        Some(Self { since, streams })
    }
}

impl Position {
    fn read(value: &Value) -> Option<Self> {
        Some(Self {
            epoch: value.get("epoch")?.as_str()?.to_owned(),
            offset: value.get("offset")?.as_u64()?,
        })
    }
}

/// `None` for what is no moment after 1970.
fn whole_seconds(seconds: f64) -> Option<u64> {
    (seconds >= 0.0).then_some(seconds as u64)
}

/// The last words to a client.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Goodbye<'a> {
    pub(crate) reason: &'a str,
    /// Whether it should come back.
    pub(crate) reconnect: bool,
    pub(crate) code: u16,
}

impl Goodbye<'_> {
    pub(crate) const UNAUTHORIZED: Self =
        Goodbye { reason: "unauthorized", reconnect: false, code: close::NORMAL };
    pub(crate) const INVALID_REQUEST: Self =
        Goodbye { reason: "invalid_request", reconnect: false, code: close::POLICY };
    pub(crate) const RESTART: Self =
        Goodbye { reason: "server_restart", reconnect: true, code: close::GOING_AWAY };

    /// The words, and the frame that ends the conversation.
    pub(crate) fn frames(self) -> [Bytes; 2] {
        [
            say(
                &json!({ "type": "disconnect", "reason": self.reason, "reconnect": self.reconnect }),
            ),
            frame::closing(self.code),
        ]
    }
}

pub(crate) fn welcome(sid: Option<&str>, restored: Option<&[impl AsRef<str>]>) -> Bytes {
    let mut message = json!({ "type": "welcome" });
    if let Some(sid) = sid {
        message["sid"] = sid.into();
    }
    if let Some(ids) = restored {
        message["restored"] = true.into();
        message["restored_ids"] = ids.iter().map(AsRef::as_ref).collect();
    }
    say(&message)
}

pub(crate) fn ping(unix_seconds: u64) -> Bytes {
    say(&json!({ "type": "ping", "message": unix_seconds }))
}

/// `confirm_subscription`, `reject_subscription`, `confirm_history` or `reject_history`.
pub(crate) fn about(identifier: &str, kind: &str) -> Bytes {
    say(&json!({ "identifier": identifier, "type": kind }))
}

fn say(message: &Value) -> Bytes {
    let text = message.to_string();
    frame::text(text.len(), |out| out.extend_from_slice(text.as_bytes()))
}

/// A broadcast for one identifier: `payload` is JSON and is not parsed again. `place` is its
/// stream, epoch and position.
pub(crate) fn message(
    quoted_identifier: &str,
    payload: &[u8],
    place: Option<(&str, &str, u64)>,
) -> Bytes {
    let place = place.map_or_else(String::new, |(stream, epoch, offset)| {
        format!(",\"stream_id\":{},\"epoch\":{},\"offset\":{offset}", quote(stream), quote(epoch))
    });
    let pieces: [&[u8]; 6] = [
        b"{\"identifier\":",
        quoted_identifier.as_bytes(),
        b",\"message\":",
        payload,
        place.as_bytes(),
        b"}",
    ];
    frame::text(pieces.iter().map(|piece| piece.len()).sum(), |out| {
        pieces.iter().for_each(|piece| out.extend_from_slice(piece))
    })
}

/// A text as JSON.
pub(crate) fn quote(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_fields_are_read_as_what_they_can_mean() {
        let history = |since: &str| {
            let text = format!(
                r#"{{"command":"history","identifier":"i","history":{{"since":{since},"streams":{{"a":{{"epoch":"e","offset":3}},"b":[],"c":{{"epoch":1,"offset":"x"}}}}}}}}"#
            );
            match Command::parse(&text) {
                Ok(Command::History { history, .. }) => {
                    (history.since, history.streams.into_keys().collect::<Vec<_>>())
                }
                other => panic!("{other:?}"),
            }
        };
        for (since, read) in [
            ("false", None),
            ("null", None),
            ("\"5\"", None),
            ("-5", None),
            ("5", Some(5)),
            ("5.9", Some(5)),
        ] {
            assert_eq!(history(since), (read, vec!["a".to_owned()]), "{since}");
        }
        for (text, read) in [
            (
                r#"{"command":"subscribe","identifier":"i","history":7}"#,
                Ok(Command::Subscribe { identifier: "i".into(), history: None }),
            ),
            (r#"{"command":"whisper","identifier":"i","data":{"a":1}}"#, Ok(Command::Other)),
            (r#"{"command":"pong"}"#, Ok(Command::Other)),
            (r#"{"command":"message","identifier":"i","data":"{}"}"#, Ok(Command::Other)),
            (
                r#"{"command":"message","identifier":"i","data":{"action":"a"}}"#,
                Err(Unreadable::Odd),
            ),
            (r#"{"command":"subscribe","identifier":{}}"#, Err(Unreadable::Odd)),
            (r#"{"command":"whisper","data":"\ud83d"}"#, Err(Unreadable::Odd)),
            ("{}", Err(Unreadable::Odd)),
            ("[]", Err(Unreadable::Alien)),
            ("GET / HTTP/1.1", Err(Unreadable::Alien)),
        ] {
            assert_eq!(Command::parse(text), read, "{text}");
        }
    }
}

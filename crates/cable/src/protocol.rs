//! The two Action Cable protocols: JSON commands from clients and JSON messages to them.
//!
//! `actioncable-v1-json` is Rails' own; `actioncable-v1-ext-json` is AnyCable's extension (session
//! ID in the welcome, stream positions in messages, history on request).

use std::collections::HashMap;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::frame::{self, close};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Protocol {
    /// `actioncable-v1-json`
    Base,
    /// `actioncable-v1-ext-json`
    Extended,
}

impl Protocol {
    /// The first supported protocol, in the client's order.
    pub(crate) fn choose(offered: &str) -> Option<Self> {
        offered.split(',').find_map(|name| match name.trim() {
            "actioncable-v1-json" => Some(Self::Base),
            "actioncable-v1-ext-json" => Some(Self::Extended),
            _ => None,
        })
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Base => "actioncable-v1-json",
            Self::Extended => "actioncable-v1-ext-json",
        }
    }
}

/// A parsed client command.
#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    Subscribe {
        identifier: String,
        history: Option<HistoryRequest>,
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
        history: HistoryRequest,
    },
    /// `pong` and unknown commands, which are ignored.
    Other,
}

/// Why a text is not a valid command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CommandError {
    /// A JSON object with a missing or invalid field, which a newer client might send.
    Malformed,
    /// Not a JSON object, which no client of this protocol sends.
    NotAnObject,
}

impl Command {
    /// Parses a client's message. Unneeded fields may hold anything; an invalid `history` requests
    /// nothing.
    pub(crate) fn parse(text: &str) -> Result<Self, CommandError> {
        if !text.trim_start().starts_with('{') {
            return Err(CommandError::NotAnObject);
        }
        let message: Value = serde_json::from_str(text).map_err(|_| CommandError::Malformed)?;
        let field =
            |name: &str| message.get(name).and_then(Value::as_str).ok_or(CommandError::Malformed);
        let identifier = || field("identifier").map(str::to_owned);
        let history = message.get("history").and_then(HistoryRequest::parse);
        Ok(match field("command")? {
            "subscribe" => Self::Subscribe { identifier: identifier()?, history },
            "unsubscribe" => Self::Unsubscribe { identifier: identifier()? },
            "history" => {
                Self::History { identifier: identifier()?, history: history.unwrap_or_default() }
            }
            "message" => {
                let data: Value =
                    serde_json::from_str(field("data")?).map_err(|_| CommandError::Malformed)?;
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

/// The messages that a client wants replayed.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct HistoryRequest {
    /// Unix seconds, for streams whose position the client does not know.
    pub(crate) since: Option<u64>,
    /// The last positions that the client received, by stream name.
    pub(crate) streams: HashMap<String, Position>,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Position {
    pub(crate) epoch: String,
    pub(crate) offset: u64,
}

impl HistoryRequest {
    fn parse(value: &Value) -> Option<Self> {
        let fields = value.as_object()?;
        // A client that wants no replay by time sends `false`; one that divides milliseconds sends
        // a fraction.
        let since = fields
            .get("since")
            .and_then(|since| since.as_u64().or_else(|| whole_seconds(since.as_f64()?)));
        let streams = fields.get("streams").and_then(Value::as_object).into_iter().flatten();
        let streams = streams
            .filter_map(|(name, position)| Some((name.clone(), Position::parse(position)?)))
            .collect();
        Some(Self { since, streams })
    }
}

impl Position {
    fn parse(value: &Value) -> Option<Self> {
        Some(Self {
            epoch: value.get("epoch")?.as_str()?.to_owned(),
            offset: value.get("offset")?.as_u64()?,
        })
    }
}

/// `None` for times before 1970.
fn whole_seconds(seconds: f64) -> Option<u64> {
    (seconds >= 0.0).then_some(seconds as u64)
}

/// A `disconnect` message and the close code that follows it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Disconnect<'a> {
    pub(crate) reason: &'a str,
    /// Whether the client should reconnect.
    pub(crate) reconnect: bool,
    pub(crate) code: u16,
}

impl Disconnect<'_> {
    pub(crate) const UNAUTHORIZED: Self =
        Disconnect { reason: "unauthorized", reconnect: false, code: close::NORMAL };
    pub(crate) const INVALID_REQUEST: Self =
        Disconnect { reason: "invalid_request", reconnect: false, code: close::POLICY_VIOLATION };
    pub(crate) const RESTART: Self =
        Disconnect { reason: "server_restart", reconnect: true, code: close::GOING_AWAY };

    /// The message and the close frame.
    pub(crate) fn frames(self) -> [Bytes; 2] {
        [
            encode(
                &json!({ "type": "disconnect", "reason": self.reason, "reconnect": self.reconnect }),
            ),
            frame::close_frame(self.code),
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
    encode(&message)
}

pub(crate) fn ping(unix_seconds: u64) -> Bytes {
    encode(&json!({ "type": "ping", "message": unix_seconds }))
}

/// `confirm_subscription`, `reject_subscription`, `confirm_history` or `reject_history`.
pub(crate) fn subscription_reply(identifier: &str, kind: &str) -> Bytes {
    encode(&json!({ "identifier": identifier, "type": kind }))
}

fn encode(message: &Value) -> Bytes {
    let text = message.to_string();
    frame::text(text.len(), |out| out.extend_from_slice(text.as_bytes()))
}

/// Encodes a broadcast for one identifier. `payload` is JSON and is not parsed again. `position` is
/// the stream, its epoch and the message's offset.
pub(crate) fn message(
    quoted_identifier: &str,
    payload: &[u8],
    position: Option<(&str, &str, u64)>,
) -> Bytes {
    let position = position.map_or_else(String::new, |(stream, epoch, offset)| {
        format!(
            ",\"stream_id\":{},\"epoch\":{},\"offset\":{offset}",
            json_string(stream),
            json_string(epoch)
        )
    });
    let pieces: [&[u8]; 6] = [
        b"{\"identifier\":",
        quoted_identifier.as_bytes(),
        b",\"message\":",
        payload,
        position.as_bytes(),
        b"}",
    ];
    frame::text(pieces.iter().map(|piece| piece.len()).sum(), |out| {
        pieces.iter().for_each(|piece| out.extend_from_slice(piece))
    })
}

pub(crate) fn json_string(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unexpected_fields_are_ignored_or_rejected() {
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
                Err(CommandError::Malformed),
            ),
            (r#"{"command":"subscribe","identifier":{}}"#, Err(CommandError::Malformed)),
            (r#"{"command":"whisper","data":"\ud83d"}"#, Err(CommandError::Malformed)),
            ("{}", Err(CommandError::Malformed)),
            ("[]", Err(CommandError::NotAnObject)),
            ("GET / HTTP/1.1", Err(CommandError::NotAnObject)),
        ] {
            assert_eq!(Command::parse(text), read, "{text}");
        }
    }
}

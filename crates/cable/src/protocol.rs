//! The two Action Cable protocols as JSON: what clients command and what the server says.
//!
//! `actioncable-v1-json` is Rails' own; `actioncable-v1-ext-json` is AnyCable's extension (session id in the welcome, stream
//! positions in messages, history on request).

use std::collections::HashMap;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::frame;

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
#[derive(Debug, Deserialize)]
pub(crate) struct Command {
    pub(crate) command: String,
    #[serde(default)]
    pub(crate) identifier: String,
    /// For `message`: JSON text with an `action`.
    pub(crate) data: Option<String>,
    /// For `history`, and for `subscribe` of a returning client.
    pub(crate) history: Option<History>,
}

/// From where a client wants to hear what it missed.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct History {
    /// Unix seconds, for streams of which it knows no position.
    pub(crate) since: Option<u64>,
    /// The last positions it knows, by stream.
    #[serde(default)]
    pub(crate) streams: HashMap<String, Position>,
}

/// A place in a stream.
#[derive(Debug, Deserialize)]
pub(crate) struct Position {
    pub(crate) epoch: String,
    pub(crate) offset: u64,
}

pub(crate) fn welcome(sid: Option<&str>, restored: Option<&[String]>) -> Bytes {
    let mut message = json!({ "type": "welcome" });
    if let Some(sid) = sid {
        message["sid"] = sid.into();
    }
    if let Some(ids) = restored {
        message["restored"] = true.into();
        message["restored_ids"] = ids.into();
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

pub(crate) fn disconnect(reason: &str, reconnect: bool) -> Bytes {
    say(&json!({ "type": "disconnect", "reason": reason, "reconnect": reconnect }))
}

fn say(message: &Value) -> Bytes {
    frame::text(message.to_string().as_bytes())
}

/// A broadcast for one identifier: `payload` is JSON and is not parsed again. `place` is its stream, epoch and position.
pub(crate) fn message(quoted_identifier: &str, payload: &[u8], place: Option<(&str, &str, u64)>) -> Bytes {
    let mut out = Vec::with_capacity(quoted_identifier.len() + payload.len() + 96);
    out.extend_from_slice(b"{\"identifier\":");
    out.extend_from_slice(quoted_identifier.as_bytes());
    out.extend_from_slice(b",\"message\":");
    out.extend_from_slice(payload);
    if let Some((stream, epoch, offset)) = place {
        out.extend_from_slice(b",\"stream_id\":");
        out.extend_from_slice(quote(stream).as_bytes());
        out.extend_from_slice(b",\"epoch\":");
        out.extend_from_slice(quote(epoch).as_bytes());
        out.extend_from_slice(format!(",\"offset\":{offset}").as_bytes());
    }
    out.push(b'}');
    frame::text(&out)
}

/// A text as JSON.
pub(crate) fn quote(text: &str) -> String {
    Value::from(text).to_string()
}

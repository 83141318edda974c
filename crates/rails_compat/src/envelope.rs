//! The envelope around a signed value: `{"_rails":{…}}` with the value, its expiry and its purpose,
//! in Rails' key order.
//!
//! Current Rails stores JSON under `data`; cookies, and everything signed by older Rails, store
//! base64 of JSON under `message`.

use jiff::Timestamp;
use serde_json::{Value, json};

/// An envelope whose purpose and expiry are verified.
pub(crate) struct Envelope(Value);

impl Envelope {
    /// Encodes the form with `message`, which cookies use.
    pub(crate) fn legacy(message: String, expires: Timestamp, purpose: &str) -> String {
        format!(
            r#"{{"_rails":{{"message":{},"exp":{},"pur":{}}}}}"#,
            json!(message),
            json!(iso8601(expires)),
            json!(purpose)
        )
    }

    /// Encodes the form with `data`; a missing expiry is omitted, not null.
    pub(crate) fn data(data: Value, expires: Option<Timestamp>, purpose: &str) -> String {
        let expires = expires
            .map(|expires| format!(r#""exp":{},"#, json!(iso8601(expires))))
            .unwrap_or_default();
        format!(r#"{{"_rails":{{"data":{data},{expires}"pur":{}}}}}"#, json!(purpose))
    }

    /// Decodes an envelope; `None` unless it has this purpose and has not expired.
    pub(crate) fn open(payload: &[u8], purpose: &str, now: Timestamp) -> Option<Self> {
        let mut payload: Value = serde_json::from_slice(payload).ok()?;
        let inner = payload.get_mut("_rails")?.take();
        let has_purpose = inner.get("pur").and_then(Value::as_str) == Some(purpose);
        let is_current = match inner.get("exp") {
            None | Some(Value::Null) => true,
            Some(expires) => expires.as_str()?.parse::<Timestamp>().ok()? > now,
        };
        (has_purpose && is_current).then_some(Self(inner))
    }

    pub(crate) fn expires(&self) -> Option<Timestamp> {
        self.0.get("exp")?.as_str()?.parse().ok()
    }

    /// The signed value, from either form.
    pub(crate) fn value(self) -> Option<Value> {
        match (self.0.get("data"), self.0.get("message")) {
            (Some(data), _) => Some(data.clone()),
            (None, Some(message)) => {
                serde_json::from_slice(&crate::decode(message.as_str()?)?).ok()
            }
            (None, None) => None,
        }
    }
}

/// ISO 8601 in UTC with milliseconds.
fn iso8601(at: Timestamp) -> String {
    format!("{at:.3}")
}

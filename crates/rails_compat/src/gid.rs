//! Global IDs: `gid://campfire/CLASS/ID`.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use serde_json::Value;

/// The ID in a global ID of this class.
pub(crate) fn parse_id(gid: &str, class: &str) -> Option<i64> {
    gid.strip_prefix("gid://campfire/")?.strip_prefix(class)?.strip_prefix('/')?.parse().ok()
}

/// The user ID in a mention, without verifying the signature, so that names stay readable after the
/// secret has changed.
///
/// Accepts both forms: `data` of current Rails, and `message` of Rails 7, inside which the global
/// ID is searched. Use [`crate::Secret::verify_global_id`] to decide whom to notify.
pub fn read_unverified_user_gid(sgid: &str) -> Option<i64> {
    if sgid.len() > crate::MAX_SIGNED {
        return None;
    }
    let encoded = sgid.split("--").next()?;
    let payload = STANDARD.decode(encoded).or_else(|_| URL_SAFE.decode(encoded)).ok()?;
    let payload: Value = serde_json::from_slice(&payload).ok()?;
    let inner = payload.get("_rails")?;
    match (inner.get("data"), inner.get("message")) {
        (Some(data), _) => parse_id(data.as_str()?, "User"),
        (None, Some(message)) => search(&crate::decode(message.as_str()?)?),
        (None, None) => None,
    }
}

fn search(message: &[u8]) -> Option<i64> {
    const PREFIX: &str = "gid://campfire/User/";
    let text = String::from_utf8_lossy(message);
    let rest = &text[text.find(PREFIX)? + PREFIX.len()..];
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest[..digits].parse().ok()
}

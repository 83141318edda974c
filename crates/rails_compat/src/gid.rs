//! Global ids: `gid://campfire/CLASS/ID`.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use serde_json::Value;

/// The number in a global id of this class.
pub(crate) fn number(gid: &str, class: &str) -> Option<i64> {
    gid.strip_prefix("gid://campfire/")?.strip_prefix(class)?.strip_prefix('/')?.parse().ok()
}

/// Whom a mention shows, without asking who signed it: names stay readable after a change of the
/// secret.
///
/// Reads both forms: `data` of current Rails, and `message` of Rails 7, in which the global id is
/// searched. What counts as a mention (for notifications) must be verified with
/// [`crate::Secret::verify_global_id`] instead.
pub fn read_unverified_user_gid(sgid: &str) -> Option<i64> {
    if sgid.len() > crate::MAX_SIGNED {
        return None;
    }
    let encoded = sgid.split("--").next()?;
    let payload = STANDARD.decode(encoded).or_else(|_| URL_SAFE.decode(encoded)).ok()?;
    let payload: Value = serde_json::from_slice(&payload).ok()?;
    let inner = payload.get("_rails")?;
    match (inner.get("data"), inner.get("message")) {
        (Some(data), _) => number(data.as_str()?, "User"),
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

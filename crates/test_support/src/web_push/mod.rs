//! The receiving side of Web Push: a browser that decrypts messages (RFC 8291), and a push
//! service's check of the sender (VAPID, RFC 8292).

mod browser;
mod vapid;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub use browser::Browser;
pub use vapid::Sender;

/// Why a message or a token violates the RFCs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invalid(pub &'static str);

impl std::fmt::Display for Invalid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Invalid {}

/// Decodes base64 as both RFCs use it: URL-safe alphabet, no padding.
fn decode_base64(text: &str) -> Result<Vec<u8>, Invalid> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Invalid("not URL-safe base64 without padding"))
}

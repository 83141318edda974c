//! The other side of Web Push, for tests and measurements: a browser that reads what was meant for
//! it, and a push service's look at who sent it. Written from the RFCs, not from the server's code,
//! of which it knows nothing.

mod browser;
mod sender;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub use browser::Browser;
pub use sender::Sender;

/// Why something is not as the RFCs want it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wrong(pub &'static str);

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Wrong {}

/// Base64 as both RFCs write it: the URL's alphabet, no padding.
fn decoded(text: &str) -> Result<Vec<u8>, Wrong> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Wrong("no URL-safe base64 without padding"))
}

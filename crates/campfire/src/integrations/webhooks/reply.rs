//! Replies: a receiver's response that the bot posts in the room.

use http::{StatusCode, header};

use crate::http::outbound::Reply as Response;
use crate::messages::{Draft, MAX_BODY};

/// Bytes of a response that are read: no message is longer.
pub const MAX_RESPONSE: usize = MAX_BODY;

/// What the bot posts when the last attempt timed out, as Campfire does.
const TIMED_OUT: &str = "Failed to respond within 7 seconds";

#[derive(Debug)]
pub enum Reply {
    Post(Draft),
    /// There is something to post, but it is not accepted for this reason.
    Ignore(String),
}

impl Reply {
    /// Reads a response; `None` without content or with a status other than 200. `id` identifies
    /// the delivery, which has at most one reply even if it is sent again.
    pub fn read(response: &Response, id: &str) -> Option<Self> {
        if response.status != StatusCode::OK || response.body.is_empty() {
            return None;
        }
        let declared = response.headers.get(header::CONTENT_TYPE)?.to_str().unwrap_or_default();
        let kind = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let is_html = match kind.as_str() {
            "text/plain" => false,
            "text/html" => true,
            "" => return None,
            // Long types are not quoted.
            _ if kind.len() > 100 => return Some(Self::Ignore("a file cannot be posted".into())),
            _ => return Some(Self::Ignore(format!("a file ({kind}) cannot be posted"))),
        };
        let Ok(text) = std::str::from_utf8(&response.body) else {
            return Some(Self::Ignore("it is not UTF-8".into()));
        };
        let text = text.trim_start_matches('\u{feff}');
        let (body, plain) = if is_html { (Some(text), None) } else { (None, Some(text)) };
        // Only blank text is rejected here: the length is limited above.
        Draft::parse(body, plain, Some(&format!("reply-{id}"))).ok().map(Self::Post)
    }

    /// The reply after a timeout.
    pub fn timed_out(id: &str) -> Option<Self> {
        Draft::parse(None, Some(TIMED_OUT), Some(&format!("silence-{id}"))).ok().map(Self::Post)
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::HeaderMap;

    use super::*;

    fn read(status: u16, kind: &str, body: &[u8]) -> Option<Reply> {
        let mut headers = HeaderMap::new();
        if !kind.is_empty() {
            headers.insert(header::CONTENT_TYPE, kind.parse().expect("a header"));
        }
        let status = StatusCode::from_u16(status).expect("a status");
        Reply::read(&Response { status, headers, body: Bytes::copy_from_slice(body) }, "1")
    }

    fn posted(kind: &str, body: &[u8]) -> String {
        match read(200, kind, body) {
            Some(Reply::Post(draft)) => draft.html,
            other => panic!("{kind}: {other:?}"),
        }
    }

    #[test]
    fn text_and_html_are_posted() {
        assert_eq!(
            posted("text/plain", "1 < 2 é\nthree".as_bytes()),
            "<div>1 &lt; 2 é<br>three</div>"
        );
        assert_eq!(
            posted("Text/HTML; charset=UTF-8", b"<strong>done</strong>"),
            "<strong>done</strong>"
        );
        assert_eq!(posted("text/plain", "\u{feff}hello".as_bytes()), "<div>hello</div>");
    }

    #[test]
    fn blank_responses_and_other_statuses_are_not_replies() {
        for (status, kind, body) in [
            (200, "text/plain", &b""[..]),
            (200, "text/plain", b" \n"),
            (200, "text/html", b"<p> </p>"),
            (200, "", b"hello"),
            (201, "text/plain", b"hello"),
            (404, "text/html", b"<h1>Not found</h1>"),
        ] {
            assert!(read(status, kind, body).is_none(), "{status} {kind}");
        }
    }

    #[test]
    fn files_and_invalid_text_are_ignored() {
        for (kind, body) in [
            ("image/png", &b"\x89PNG"[..]),
            ("application/json", b"{}"),
            ("text/plain", b"\xff\xfe"),
        ] {
            assert!(matches!(read(200, kind, body), Some(Reply::Ignore(_))), "{kind}");
        }
    }
}

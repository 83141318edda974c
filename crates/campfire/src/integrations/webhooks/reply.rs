//! What a receiver answers, and whether the bot says it in the room.

use http::{StatusCode, header};

use crate::http::outbound::Reply;
use crate::messages::{Draft, MAX_BODY};

/// Bytes of an answer at most: no message is longer.
pub const MAX_ANSWER: usize = MAX_BODY;

/// What the bot says when its receiver was silent to the end; Campfire's words.
pub const SILENCE: &str = "Failed to respond within 7 seconds";

/// What an answer means for the room.
#[derive(Debug)]
pub enum Answer {
    /// The bot says this.
    Said(Draft),
    /// It was more than nothing, and is not posted for this reason.
    Ignored(String),
}

impl Answer {
    /// Reads an answer; `None` if it says nothing. Only the status 200 says something. `id` is the
    /// delivery's: a delivery has one answer, however often it is made.
    pub fn read(reply: &Reply, id: &str) -> Option<Self> {
        if reply.status != StatusCode::OK || reply.body.is_empty() {
            return None;
        }
        let declared = reply.headers.get(header::CONTENT_TYPE)?.to_str().unwrap_or_default();
        let kind = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let is_html = match kind.as_str() {
            "text/plain" => false,
            "text/html" => true,
            "" => return None,
            // Long or odd names are not repeated.
            _ if kind.len() > 100 => return Some(Self::Ignored("a file cannot be posted".into())),
            _ => return Some(Self::Ignored(format!("a file ({kind}) cannot be posted"))),
        };
        let Ok(text) = std::str::from_utf8(&reply.body) else {
            return Some(Self::Ignored("it is not UTF-8".into()));
        };
        let text = text.trim_start_matches('\u{feff}');
        let (body, plain) = if is_html { (Some(text), None) } else { (None, Some(text)) };
        // What is refused here is blank: nothing longer was read.
        Draft::parse(body, plain, Some(&format!("reply-{id}"))).ok().map(Self::Said)
    }

    /// What the bot says when there was none in time.
    pub fn silence(id: &str) -> Option<Self> {
        Draft::parse(None, Some(SILENCE), Some(&format!("silence-{id}"))).ok().map(Self::Said)
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::HeaderMap;

    use super::*;

    fn answer(status: u16, kind: &str, body: &[u8]) -> Option<Answer> {
        let mut headers = HeaderMap::new();
        if !kind.is_empty() {
            headers.insert(header::CONTENT_TYPE, kind.parse().expect("a header"));
        }
        let status = StatusCode::from_u16(status).expect("a status");
        Answer::read(&Reply { status, headers, body: Bytes::copy_from_slice(body) }, "1")
    }

    fn said(kind: &str, body: &[u8]) -> String {
        match answer(200, kind, body) {
            Some(Answer::Said(draft)) => draft.html,
            other => panic!("{kind}: {other:?}"),
        }
    }

    #[test]
    fn text_is_said() {
        assert_eq!(
            said("text/plain", "1 < 2 é\nthree".as_bytes()),
            "<div>1 &lt; 2 é<br>three</div>"
        );
        assert_eq!(
            said("Text/HTML; charset=UTF-8", b"<strong>done</strong>"),
            "<strong>done</strong>"
        );
        assert_eq!(said("text/plain", "\u{feff}hello".as_bytes()), "<div>hello</div>");
    }

    #[test]
    fn nothing_is_nothing() {
        for (status, kind, body) in [
            (200, "text/plain", &b""[..]),
            (200, "text/plain", b" \n"),
            (200, "text/html", b"<p> </p>"),
            (200, "", b"hello"),
            (201, "text/plain", b"hello"),
            (404, "text/html", b"<h1>Not found</h1>"),
        ] {
            assert!(answer(status, kind, body).is_none(), "{status} {kind}");
        }
    }

    #[test]
    fn files_and_what_is_no_text_are_not_posted() {
        for (kind, body) in [
            ("image/png", &b"\x89PNG"[..]),
            ("application/json", b"{}"),
            ("text/plain", b"\xff\xfe"),
        ] {
            assert!(matches!(answer(200, kind, body), Some(Answer::Ignored(_))), "{kind}");
        }
    }
}

//! Small files served from memory, with entity tags, `304 Not Modified` and byte ranges, without which
//! Safari plays no audio.

use std::sync::{Arc, OnceLock};

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use super::conditional::{etag, is_known};

/// A file in memory; cheap to clone.
#[derive(Clone, Debug)]
pub struct Media {
    bytes: Bytes,
    content_type: &'static str,
    /// Computed on the first request: hashing all files at the start would load them into memory.
    etag: Arc<OnceLock<HeaderValue>>,
}

impl Media {
    pub fn new(bytes: Bytes, content_type: &'static str) -> Self {
        Self { bytes, content_type, etag: Arc::default() }
    }

    fn etag(&self) -> &HeaderValue {
        self.etag.get_or_init(|| etag(&[&self.bytes]))
    }

    /// The response to a request: 304, a part of the file, or all of it.
    pub fn respond(&self, method: &Method, headers: &HeaderMap, cache: HeaderValue) -> Response {
        let length = self.bytes.len();
        let part = if method == Method::GET { self.requested(headers) } else { Part::All };
        let mut response = if is_known(headers, self.etag()) {
            empty(StatusCode::NOT_MODIFIED)
        } else {
            match part {
                Part::All => Response::new(Body::from(self.bytes.clone())),
                Part::Nothing => with_range(
                    empty(StatusCode::RANGE_NOT_SATISFIABLE),
                    &format!("bytes */{length}"),
                ),
                Part::Some { first, last } => {
                    let mut part = Response::new(Body::from(self.bytes.slice(first..=last)));
                    *part.status_mut() = StatusCode::PARTIAL_CONTENT;
                    with_range(part, &format!("bytes {first}-{last}/{length}"))
                }
            }
        };
        let has_body = response.status().is_success();
        let out = response.headers_mut();
        out.insert(header::ETAG, self.etag().clone());
        out.insert(header::CACHE_CONTROL, cache);
        out.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        if has_body {
            out.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        }
        response
    }

    /// The requested part; all of it when `If-Range` names another version of the file.
    fn requested(&self, headers: &HeaderMap) -> Part {
        if headers.get(header::IF_RANGE).is_some_and(|version| version != self.etag()) {
            return Part::All;
        }
        let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
        range.and_then(|range| Part::parse(range, self.bytes.len())).unwrap_or(Part::All)
    }
}

/// The requested bytes.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    All,
    Some { first: usize, last: usize },
    Nothing,
}

impl Part {
    /// Parses a single range (RFC 9110 § 14.1.2); `None` for invalid and multiple ranges, which may
    /// be ignored.
    fn parse(text: &str, length: usize) -> Option<Self> {
        let (first, last) = text.strip_prefix("bytes=")?.trim().split_once('-')?;
        let (first, last) = match (number(first)?, number(last)?) {
            (None, None) => return None,
            (None, Some(0)) => return Some(Self::Nothing),
            (None, Some(count)) => (length.saturating_sub(count), usize::MAX),
            (Some(first), None) => (first, usize::MAX),
            (Some(first), Some(last)) if last < first => return None,
            (Some(first), Some(last)) => (first, last),
        };
        Some(if first < length {
            Self::Some { first, last: last.min(length - 1) }
        } else {
            Self::Nothing
        })
    }
}

/// Digits or nothing; a number that is too large for any file means its end.
fn number(digits: &str) -> Option<Option<usize>> {
    match digits {
        "" => Some(None),
        _ if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(Some(digits.parse().unwrap_or(usize::MAX)))
        }
        _ => None,
    }
}

fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

fn with_range(mut response: Response, range: &str) -> Response {
    if let Ok(range) = HeaderValue::from_str(range) {
        response.headers_mut().insert(header::CONTENT_RANGE, range);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_in_any_of_its_forms() {
        let part = |first, last| Some(Part::Some { first, last });
        for (text, expected) in [
            ("bytes=0-1", part(0, 1)),
            ("bytes=0-", part(0, 99)),
            ("bytes=10-10", part(10, 10)),
            ("bytes=90-5000", part(90, 99)),
            ("bytes=-7", part(93, 99)),
            ("bytes=-700", part(0, 99)),
            ("bytes=0-99999999999999999999999", part(0, 99)),
            ("bytes=100-", Some(Part::Nothing)),
            ("bytes=99999999999999999999999-", Some(Part::Nothing)),
            ("bytes=-0", Some(Part::Nothing)),
            ("bytes=5-4", None),
            ("bytes=-", None),
            ("bytes=", None),
            ("bytes=a-b", None),
            ("bytes=+1-2", None),
            ("bytes=0-1,5-6", None),
            ("lines=0-1", None),
        ] {
            assert_eq!(Part::parse(text, 100), expected, "{text}");
        }
        assert_eq!(Part::parse("bytes=0-", 0), Some(Part::Nothing));
    }
}

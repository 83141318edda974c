//! Responses that are rendered once and served often: strong entity tags, `304 Not Modified`, and a
//! compressed copy of the body that is kept instead of compressing per request.

use std::hash::{DefaultHasher, Hasher};
use std::io::Write;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderValue, StatusCode, header};

/// Smaller bodies, in bytes, fit one packet and are not compressed.
const MIN_COMPRESSED: usize = 1400;

/// A JSON body with its entity tag, shared by all responses that send it.
#[derive(Clone)]
pub struct Prepared(Arc<Inner>);

struct Inner {
    body: Bytes,
    etag: HeaderValue,
    link: Option<HeaderValue>,
    served: AtomicBool,
    gzip: OnceLock<Bytes>,
}

impl Prepared {
    /// Prepares `body`; `link` is the value of its `Link` header, if there is a next page.
    pub fn new(body: Bytes, link: Option<HeaderValue>) -> Self {
        Self(Arc::new(Inner {
            etag: etag(&[&body, link.as_ref().map_or(&[], HeaderValue::as_bytes)]),
            body,
            link,
            served: AtomicBool::new(false),
            gzip: OnceLock::new(),
        }))
    }

    /// The response to a request with these headers: 304, the compressed or the plain body.
    pub fn respond(&self, headers: &HeaderMap) -> Response {
        let unchanged = is_known(headers, &self.0.etag);
        let gzip = if unchanged { None } else { self.compressed(headers) };
        let mut response = match (unchanged, &gzip) {
            (true, _) => status(StatusCode::NOT_MODIFIED),
            (false, Some(gzip)) => Response::new(Body::from(gzip.clone())),
            (false, None) => Response::new(Body::from(self.0.body.clone())),
        };
        let out = response.headers_mut();
        out.insert(header::ETAG, self.0.etag.clone());
        out.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        out.insert(
            header::VARY,
            HeaderValue::from_static("Accept-Encoding, Cookie, Authorization"),
        );
        if let Some(link) = &self.0.link {
            out.insert(header::LINK, link.clone());
        }
        if !unchanged {
            out.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if gzip.is_some() {
            out.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    }

    /// The compressed body, from the second request on: many bodies are outdated before that.
    fn compressed(&self, headers: &HeaderMap) -> Option<Bytes> {
        if self.0.body.len() < MIN_COMPRESSED
            || !accepts_gzip(headers)
            || !self.0.served.swap(true, Ordering::Relaxed)
        {
            return None;
        }
        let gzip = self.0.gzip.get_or_init(|| {
            let mut encoder =
                GzEncoder::new(Vec::with_capacity(self.0.body.len() / 4), Compression::fast());
            // Writing to memory does not fail; an empty result would mean "do not use".
            match encoder.write_all(&self.0.body).and_then(|()| encoder.finish()) {
                Ok(bytes) => bytes.into(),
                Err(_) => Bytes::new(),
            }
        });
        (!gzip.is_empty()).then(|| gzip.clone())
    }
}

fn status(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// A body's strong entity tag.
pub fn etag(parts: &[&[u8]]) -> HeaderValue {
    let mut hasher = DefaultHasher::new();
    parts.iter().for_each(|part| hasher.write(part));
    HeaderValue::from_str(&format!("\"{:016x}\"", hasher.finish()))
        .unwrap_or(HeaderValue::from_static("\"\""))
}

/// Whether the client has the body with this tag already (RFC 9110 § 13.1.2, `If-None-Match`).
pub fn is_known(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    headers.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok()).is_some_and(|known| {
        known
            .split(',')
            .map(|tag| tag.trim().trim_start_matches("W/"))
            .any(|tag| tag == "*" || tag.as_bytes() == etag.as_bytes())
    })
}

/// Whether the client accepts gzip.
pub fn accepts_gzip(headers: &HeaderMap) -> bool {
    accepts(headers, "gzip")
}

/// Whether the client accepts this content coding (RFC 9110 § 12.5.3; a weight of zero refuses it).
pub fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|entry| {
            let mut parts = entry.split(';');
            let name = parts.next().unwrap_or("").trim();
            let refused = parts.any(|part| {
                part.trim()
                    .strip_prefix("q=")
                    .is_some_and(|weight| weight.parse::<f32>().is_ok_and(|q| q <= 0.0))
            });
            name.eq_ignore_ascii_case(coding) && !refused
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), value.parse().expect("a header"))).collect()
    }

    #[test]
    fn a_known_tag_gets_no_body() {
        let page = Prepared::new(Bytes::from_static(b"[]"), None);
        let tag = page.respond(&HeaderMap::new()).headers()[header::ETAG]
            .to_str()
            .expect("text")
            .to_owned();
        assert_eq!(
            page.respond(&headers(&[(header::IF_NONE_MATCH, &tag)])).status(),
            StatusCode::NOT_MODIFIED
        );
        assert_eq!(
            page.respond(&headers(&[(header::IF_NONE_MATCH, "\"other\"")])).status(),
            StatusCode::OK
        );
    }

    #[test]
    fn a_body_is_compressed_from_the_second_request_on() {
        let page = Prepared::new(Bytes::from("a".repeat(5000)), None);
        let gzip = headers(&[(header::ACCEPT_ENCODING, "br, gzip")]);
        assert!(!page.respond(&gzip).headers().contains_key(header::CONTENT_ENCODING));
        assert_eq!(page.respond(&gzip).headers()[header::CONTENT_ENCODING], "gzip");
        let refused = headers(&[(header::ACCEPT_ENCODING, "gzip;q=0")]);
        assert!(!page.respond(&refused).headers().contains_key(header::CONTENT_ENCODING));
    }
}

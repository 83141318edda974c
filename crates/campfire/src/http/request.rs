//! What every request goes through: an id, the security headers, a time limit, one line in the
//! log.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use tracing::Instrument;

use super::problem::Problem;

/// The time limit of a handler.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// Successful requests that take longer than this are logged, too.
const SLOW_REQUEST: Duration = Duration::from_millis(500);

/// The Content-Security-Policy of every response: only our own files, no inline scripts or styles,
/// and only our own pages may frame us.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
     connect-src 'self'; media-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

/// The configuration of [`wrap`].
#[derive(Clone)]
pub struct Wrapper {
    /// Random for each start, so that request ids of different runs differ.
    prefix: u32,
    version: HeaderValue,
    revision: Option<HeaderValue>,
    counter: std::sync::Arc<AtomicU64>,
}

impl Wrapper {
    pub fn new(version: &'static str, revision: Option<&'static str>) -> Self {
        Self {
            prefix: rand::random(),
            version: HeaderValue::from_static(version),
            revision: revision.map(HeaderValue::from_static),
            counter: std::sync::Arc::default(),
        }
    }
}

/// The outermost middleware: gives the request an id, limits its time, adds security headers, and
/// logs it.
pub async fn wrap(State(wrapper): State<Wrapper>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    // Not the query, which may contain search terms.
    let path = redact_path(request.uri().path());
    let id =
        format!("{:08x}{:08x}", wrapper.prefix, wrapper.counter.fetch_add(1, Ordering::Relaxed));
    let span = tracing::info_span!("request", id = %id);
    let running = tokio::time::timeout(REQUEST_TIMEOUT, next.run(request).instrument(span.clone()));
    let mut response = running.await.unwrap_or_else(|_| {
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "This took too long and was stopped. Please try again.",
        )
        .retry_after(5)
        .into_response()
    });
    add_headers(response.headers_mut(), &wrapper, &id);
    log(&span, &method, &path, response.status(), started.elapsed());
    response
}

fn add_headers(headers: &mut HeaderMap, wrapper: &Wrapper, id: &str) {
    headers.insert("x-version", wrapper.version.clone());
    if let Some(revision) = &wrapper.revision {
        headers.insert("x-rev", revision.clone());
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert("x-request-id", id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("strict-origin-when-cross-origin"),
    );
    headers.insert(header::X_XSS_PROTECTION, HeaderValue::from_static("0"));
    headers.insert("x-permitted-cross-domain-policies", HeaderValue::from_static("none"));
    headers.insert(
        "permissions-policy",
        HeaderValue::from_static("camera=(), geolocation=(), microphone=()"),
    );
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(CONTENT_SECURITY_POLICY));
}

fn log(span: &tracing::Span, method: &Method, path: &str, status: StatusCode, took: Duration) {
    let (status, ms) = (status.as_u16(), took.as_secs_f64() * 1000.0);
    span.in_scope(|| {
        // Fast successful requests are too many to log at the default level.
        if status >= 500 {
            tracing::error!(%method, path, status, ms, "request failed");
        } else if status < 400 && took < SLOW_REQUEST {
            tracing::debug!(%method, path, status, ms, "request");
        } else {
            tracing::info!(%method, path, status, ms, "request");
        }
    });
}

/// The path with secrets redacted: join codes, transfer and reset tokens, bot keys, avatar tokens.
fn redact_path(path: &str) -> String {
    let mut parts = path.split('/').collect::<Vec<_>>();
    for index in 1..parts.len() {
        let secret = match parts[index - 1] {
            "join" | "transfers" | "password_resets" | "qr_code" => true,
            "users" => parts[index].contains("--"),
            _ => (index == 3 && is_key(&parts)) || looks_like_key(parts[index]),
        };
        if secret {
            parts[index] = "[hidden]";
        }
    }
    parts.join("/")
}

/// Whether the third part of a path below `/rooms` is a bot key. Every key has a hyphen, which may
/// be percent-encoded; the paths of pages have neither there.
fn is_key(parts: &[&str]) -> bool {
    parts[1] == "rooms" && parts[3].contains(['-', '%'])
}

/// Whether this part looks like a bot key, `ID-TOKEN`, at any position: malformed URLs, for example
/// with an extra slash or without the room, are logged, too.
fn looks_like_key(part: &str) -> bool {
    let part = part.trim_start_matches("%20");
    let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < part.len()
        && (rest.starts_with('-')
            || rest.get(..3).is_some_and(|escape| escape.eq_ignore_ascii_case("%2d")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_in_paths_do_not_reach_the_log() {
        assert_eq!(redact_path("/join/CRMu-l8Ge-KB9B"), "/join/[hidden]");
        assert_eq!(redact_path("/api/v1/join/CRMu-l8Ge-KB9B"), "/api/v1/join/[hidden]");
        assert_eq!(redact_path("/rooms/3/17-aB3dE5gH7jK9/messages"), "/rooms/3/[hidden]/messages");
        assert_eq!(redact_path("/rooms/3/17-aB3dE5gH7jK9"), "/rooms/3/[hidden]");
        assert_eq!(
            redact_path("/rooms/3/17%2DaB3dE5gH7jK9/messages/4/boosts"),
            "/rooms/3/[hidden]/messages/4/boosts"
        );
        assert_eq!(redact_path("/rooms/3/%2017-aB3dE5gH7jK9/hook"), "/rooms/3/[hidden]/hook");
        assert_eq!(redact_path("/rooms/3/@4711"), "/rooms/3/@4711");
        assert_eq!(
            redact_path("//rooms/3/17-aB3dE5gH7jK9/messages"),
            "//rooms/3/[hidden]/messages"
        );
        assert_eq!(redact_path("/rooms/17-aB3dE5gH7jK9/messages"), "/rooms/[hidden]/messages");
        assert_eq!(
            redact_path("/chat/rooms/3/%2017%2daB3dE5gH7jK9/hook"),
            "/chat/rooms/3/[hidden]/hook"
        );
        assert_eq!(redact_path("/17-aB3dE5gH7jK9"), "/[hidden]");
        assert_eq!(redact_path("/assets/index-3aB.js"), "/assets/index-3aB.js");
        assert_eq!(redact_path("/users/eyJf--12ab/avatar"), "/users/[hidden]/avatar");
        assert_eq!(redact_path("/password_resets/Ab1"), "/password_resets/[hidden]");
        assert_eq!(redact_path("/qr_code/aHR0cHM6"), "/qr_code/[hidden]");
        assert_eq!(redact_path("/api/v1/rooms/3/messages"), "/api/v1/rooms/3/messages");
    }
}

//! The same-origin check, which protects against cross-site request forgery (CSRF): a page of another
//! site must not act with a user's cookie.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode, Uri, header};

use super::client_ip::host;
use super::problem::Problem;

/// Middleware for all routes that read cookies: answers 403 to an unsafe request that a page of
/// another site made.
pub async fn require_same_origin(request: Request, next: Next) -> Response {
    match check(request.method(), request.headers(), request.uri()) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

/// Middleware for routes whose credential is in the path: removes the cookies. A page of another
/// site cannot know the credential, so any origin may call these routes.
pub async fn ignore_cookies(mut request: Request, next: Next) -> Response {
    request.headers_mut().remove(header::COOKIE);
    next.run(request).await
}

/// Rejects an unsafe request that a page of another site made.
///
/// `Sec-Fetch-Site` decides where the browser sends it, otherwise `Origin`. A bearer token is never
/// added by a browser itself, so that requests with one need neither. Other authorization schemes
/// may be, for example for a proxy with a password, and prove nothing.
///
/// # Errors
/// 403 for a request from another site.
fn check(method: &Method, headers: &HeaderMap, uri: &Uri) -> Result<(), Problem> {
    if method.is_safe() || is_bearer(headers) || is_same_origin(headers, uri) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        "This request came from another site. Open Campfire itself and try again.",
    ))
}

/// Whether the request has a bearer token, valid or not; its cookies are then ignored (RFC 6750
/// § 2.1).
pub fn is_bearer(headers: &HeaderMap) -> bool {
    let value =
        headers.get(header::AUTHORIZATION).map(http::HeaderValue::as_bytes).unwrap_or_default();
    value.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"bearer "))
}

fn is_same_origin(headers: &HeaderMap, uri: &Uri) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    match headers.get(header::ORIGIN) {
        // No current browser sends neither header, so only a request without a cookie passes.
        None => !headers.contains_key(header::COOKIE),
        Some(_) => origin_is_host(headers, uri),
    }
}

/// Whether the `Origin` header names the requested host.
pub fn origin_is_host(headers: &HeaderMap, uri: &Uri) -> bool {
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let authority = origin.and_then(|origin| {
        origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"))
    });
    authority.is_some()
        && authority.map(str::to_ascii_lowercase) == host(headers, uri).map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(headers: &[(&'static str, &str)]) -> bool {
        let headers = headers
            .iter()
            .map(|(name, value)| {
                (header::HeaderName::from_static(name), value.parse().expect("a header"))
            })
            .chain([(header::HOST, "chat.example.com".parse().expect("a header"))])
            .collect();
        check(&Method::POST, &headers, &Uri::from_static("/api/v1/session")).is_ok()
    }

    #[test]
    fn own_pages_pass_and_other_sites_are_rejected() {
        assert!(post(&[("sec-fetch-site", "same-origin")]));
        assert!(post(&[("sec-fetch-site", "none")]));
        assert!(!post(&[("sec-fetch-site", "same-site")]));
        assert!(!post(&[("sec-fetch-site", "cross-site"), ("origin", "https://chat.example.com")]));
    }

    #[test]
    fn older_browsers_are_checked_by_origin() {
        assert!(post(&[("origin", "https://chat.example.com"), ("cookie", "a=b")]));
        assert!(!post(&[("origin", "https://evil.example.com"), ("cookie", "a=b")]));
        assert!(!post(&[("origin", "null"), ("cookie", "a=b")]));
    }

    #[test]
    fn a_cookie_without_origin_headers_is_rejected() {
        assert!(!post(&[("cookie", "session_token=x")]));
        assert!(post(&[]));
        assert!(post(&[("authorization", "Bearer x"), ("origin", "https://evil.example.com")]));
    }
}

//! The web client's files, embedded in the program and compressed at build time. Their names contain
//! a hash, so browsers cache them for a year.

use axum::body::Body;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use rust_embed::RustEmbed;

use crate::http::conditional::{accepts, is_known};
use crate::http::problem::Problem;

/// The output of `npm run build`.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Dist;

/// A name with a hash never changes its content.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// A file under `/assets/`.
pub async fn show(Path(path): Path<String>, headers: HeaderMap) -> Response {
    file(&format!("assets/{path}"), &headers, FOREVER)
        .unwrap_or_else(|| Problem::not_found("File").into_response())
}

/// The favicon.
pub async fn favicon(headers: HeaderMap) -> Response {
    let day = HeaderValue::from_static("public, max-age=86400");
    file("favicon.svg", &headers, day).unwrap_or_else(|| Problem::not_found("File").into_response())
}

/// The shell, if the client was built.
pub fn shell(headers: &HeaderMap) -> Option<Response> {
    // The response may set a user's cookie, so shared caches must not keep it.
    file("index.html", headers, HeaderValue::from_static("private, no-cache"))
}

/// The shell as HTML, if the client was built.
pub fn page() -> Option<String> {
    String::from_utf8(Dist::get("index.html")?.data.into_owned()).ok()
}

/// A file of the build, if it exists: compressed where the browser accepts it, 304 where it has the
/// file already.
pub fn file(name: &str, headers: &HeaderMap, cache: HeaderValue) -> Option<Response> {
    let encoded = [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(coding, _)| accepts(headers, coding))
        .find_map(|(coding, ending)| Some((Dist::get(&format!("{name}.{ending}"))?, Some(coding))));
    let (found, coding) = encoded.or_else(|| Some((Dist::get(name)?, None)))?;
    // The digest of what is sent, so that every encoding has its own tag.
    let digest = found
        .metadata
        .sha256_hash()
        .iter()
        .take(8)
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let etag =
        HeaderValue::from_str(&format!("\"{digest}\"")).unwrap_or(HeaderValue::from_static("\"\""));
    let known = is_known(headers, &etag);
    let mut response = Response::new(if known { Body::empty() } else { Body::from(found.data) });
    *response.status_mut() = if known { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
    let mut set = |name: HeaderName, value: HeaderValue| response.headers_mut().insert(name, value);
    set(header::CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    set(header::CACHE_CONTROL, cache);
    set(header::ETAG, etag);
    set(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(coding) = coding {
        set(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    Some(response)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json" | "map") => "application/json",
        Some("woff2") => "font/woff2",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}

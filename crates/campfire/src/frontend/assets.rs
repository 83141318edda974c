//! The web client's files, inside the program: hashed names, kept by browsers for a year,
//! compressed when they were built.

use axum::body::Body;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use rust_embed::RustEmbed;

use crate::http::conditional::{accepts, is_known};
use crate::http::problem::Problem;

/// What `npm run build` made.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Dist;

/// A name with a hash never means anything else.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// A file under `/assets/`.
pub async fn show(Path(path): Path<String>, headers: HeaderMap) -> Response {
    file(&format!("assets/{path}"), &headers, FOREVER)
        .unwrap_or_else(|| Problem::not_found("File").into_response())
}

/// The icon of the tab.
pub async fn favicon(headers: HeaderMap) -> Response {
    let day = HeaderValue::from_static("public, max-age=86400");
    file("favicon.svg", &headers, day).unwrap_or_else(|| Problem::not_found("File").into_response())
}

/// The shell, if the client was built.
pub fn shell(headers: &HeaderMap) -> Option<Response> {
    // It may bring somebody's renewed cookie along, which no cache on the way may keep.
    file("index.html", headers, HeaderValue::from_static("private, no-cache"))
}

/// The shell's text, if the client was built.
pub fn page() -> Option<String> {
    String::from_utf8(Dist::get("index.html")?.data.into_owned()).ok()
}

/// A built file, if it was built: compressed where the browser takes it, or only the word that it
/// knows the file already.
pub fn file(name: &str, headers: &HeaderMap, cache: HeaderValue) -> Option<Response> {
    let encoded = [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(coding, _)| accepts(headers, coding))
        .find_map(|(coding, ending)| Some((Dist::get(&format!("{name}.{ending}"))?, Some(coding))));
    let (found, coding) = encoded.or_else(|| Some((Dist::get(name)?, None)))?;
    // Of what is sent, so that each coding has a tag of its own.
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

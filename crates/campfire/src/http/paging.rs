//! Lists in parts: how many, and where the next part begins.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use serde::Serialize;

/// Entries of a part unless the reader wants another number.
pub const PAGE: u32 = 40;
/// Entries of a part at most.
pub const MAX_PAGE: u32 = 100;

/// How many entries were asked for; the answer is what is wrong with the number.
///
/// # Errors
/// A sentence for the caller.
pub fn limit(asked: Option<u32>) -> Result<u32, String> {
    match asked.unwrap_or(PAGE) {
        limit @ 1..=MAX_PAGE => Ok(limit),
        _ => Err(format!("limit must be a number from 1 to {MAX_PAGE}.")),
    }
}

/// A list whose next part, if there is one, is found behind `before=CURSOR`.
pub fn answer<T: Serialize>(path: &str, entries: &[T], next: Option<i64>, limit: u32) -> Response {
    let mut response = Json(entries).into_response();
    if let Some(cursor) = next
        && let Ok(link) = HeaderValue::from_str(&format!("<{path}?before={cursor}&limit={limit}>; rel=\"next\""))
    {
        response.headers_mut().insert(header::LINK, link);
    }
    response
}

//! Pagination by cursor.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use serde::Serialize;

/// The default page size.
pub const PAGE: u32 = 40;
/// The largest page size.
pub const MAX_PAGE: u32 = 100;

/// The requested page size, or the default.
///
/// # Errors
/// A sentence about an invalid size.
pub fn limit(requested: Option<u32>) -> Result<u32, String> {
    match requested.unwrap_or(PAGE) {
        limit @ 1..=MAX_PAGE => Ok(limit),
        _ => Err(format!("limit must be a number from 1 to {MAX_PAGE}.")),
    }
}

/// How many entries to read for a page: one more than it holds shows whether there is a next page.
pub fn ahead(limit: u32) -> u32 {
    limit.saturating_add(1)
}

/// Cuts entries that were read [`ahead`] to the page; `true` if there is a next page.
pub fn cut<T>(entries: &mut Vec<T>, limit: u32) -> bool {
    let has_more = entries.len() > limit as usize;
    entries.truncate(limit as usize);
    has_more
}

/// A page as JSON with a `Link` to the next one, if any.
pub fn respond<T: Serialize>(path: &str, entries: &[T], next: Option<i64>, limit: u32) -> Response {
    let mut response = Json(entries).into_response();
    if let Some(cursor) = next
        && let Ok(link) =
            HeaderValue::from_str(&format!("<{path}?before={cursor}&limit={limit}>; rel=\"next\""))
    {
        response.headers_mut().insert(header::LINK, link);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_next_page_only_if_entries_follow() {
        for (stored, has_more) in [(0, false), (1, false), (2, false), (3, true), (4, true)] {
            let mut read = (0..stored.min(ahead(2))).collect::<Vec<_>>();
            assert_eq!(cut(&mut read, 2), has_more, "{stored}");
            assert_eq!(read.len(), stored.min(2) as usize, "{stored}");
        }
    }
}

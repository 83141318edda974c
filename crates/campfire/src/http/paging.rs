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

/// How many entries are read for a part of so many: the one more tells whether anything comes
/// behind it.
pub fn ahead(limit: u32) -> u32 {
    limit.saturating_add(1)
}

/// Leaves the part of what was read [`ahead`] in the direction of travel; `true` if something comes
/// behind it.
pub fn cut<T>(entries: &mut Vec<T>, limit: u32) -> bool {
    let goes_on = entries.len() > limit as usize;
    entries.truncate(limit as usize);
    goes_on
}

/// A list whose next part, if there is one, is found behind `before=CURSOR`.
pub fn answer<T: Serialize>(path: &str, entries: &[T], next: Option<i64>, limit: u32) -> Response {
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
    fn a_part_goes_on_only_if_something_comes_behind_it() {
        for (stored, goes_on) in [(0, false), (1, false), (2, false), (3, true), (4, true)] {
            let mut read = (0..stored.min(ahead(2))).collect::<Vec<_>>();
            assert_eq!(cut(&mut read, 2), goes_on, "{stored}");
            assert_eq!(read.len(), stored.min(2) as usize, "{stored}");
        }
    }
}

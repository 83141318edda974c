//! Serves the custom CSS as a stylesheet. Under the content security policy it can neither run
//! scripts nor load from other origins.

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::{Account, Accounts};
use crate::core::app::App;
use crate::http::problem::Problem;

/// For a URL with the current version, whose content never changes.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const REVALIDATE: HeaderValue = HeaderValue::from_static("public, no-cache");

/// The URL of the custom stylesheet; `None` without custom CSS.
pub fn url(account: &Account) -> Option<String> {
    let styles = account.custom_styles.as_deref().filter(|styles| !styles.is_empty())?;
    Some(format!("/account/styles.css?v={}", version(styles)))
}

fn version(styles: &str) -> String {
    let mut crc = flate2::Crc::new();
    crc.update(styles.as_bytes());
    format!("{:08x}-{}", crc.sum(), styles.len())
}

/// Responds with an empty stylesheet without custom CSS.
pub async fn show(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let account = app.state::<Accounts>().find(&app)?;
    let styles = account.and_then(|account| account.custom_styles.clone()).unwrap_or_default();
    let version = version(&styles);
    let cache =
        if query.as_deref() == Some(&format!("v={version}")) { IMMUTABLE } else { REVALIDATE };
    let etag = HeaderValue::from_str(&format!("\"{version}\""))
        .unwrap_or(HeaderValue::from_static("\"\""));
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| *known == etag);
    let common = [(header::ETAG, etag), (header::CACHE_CONTROL, cache)];
    if known {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    Ok((
        common,
        [(header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8"))],
        styles,
    )
        .into_response())
}

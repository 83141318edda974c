//! The HTML shell that starts the web client. It is the same for every page; the client reads the
//! URL.

use axum::Extension;
use axum::extract::{OriginalUri, RawQuery, State};
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::assets;
use crate::core::app::App;
use crate::http::client_ip::Peer;
use crate::http::problem::Problem;
use crate::identity::accounts::{Accounts, styles};
use crate::identity::sessions::extractors::SignedIn;
use crate::identity::sessions::{SessionError, cookie};
use crate::integrations::bots;

/// The shell. It renews the session cookie of signed-in users.
pub async fn show(
    caller: Result<SignedIn, SessionError>,
    State(app): State<App>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    // Leaves out custom styles that make the client unusable, so that they can be repaired.
    let safe = query.is_some_and(|query| {
        query.split('&').any(|part| part == "safe-styles" || part.starts_with("safe-styles="))
    });
    let mut response =
        if safe { shell(&headers) } else { styled(&app).unwrap_or_else(|| shell(&headers)) };
    if let Ok(caller) = caller {
        response
            .headers_mut()
            .insert(header::SET_COOKIE, cookie::issue(&app, peer, &headers, &caller.token));
    }
    response
}

/// A path that does not exist: a problem for programs, the client's own page for people.
pub async fn missing(
    State(app): State<App>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Response {
    if let Some(error) = bots::api::unknown_path_error(&app, uri.path()) {
        return error.into_response();
    }
    let page = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    if uri.path().starts_with("/api/") || !page {
        return Problem::not_found("Page").into_response();
    }
    let mut response = shell(&headers);
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// The shell with the account's custom stylesheet after the client's own; `None` without one.
fn styled(app: &App) -> Option<Response> {
    let account = app.state::<Accounts>().find(app).ok()??;
    let url = styles::url(&account)?;
    let page = assets::page()?;
    let page =
        page.replacen("</head>", &format!("<link rel=\"stylesheet\" href=\"{url}\"></head>"), 1);
    let no_cache = [(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"))];
    Some((no_cache, Html(page)).into_response())
}

fn shell(headers: &HeaderMap) -> Response {
    assets::shell(headers).unwrap_or_else(|| {
        let detail = "This program was built without the web client. Run bin/run, which builds it.";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail).into_response()
    })
}

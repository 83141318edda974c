//! Real time: the cable's channels and the dispatcher that publishes committed events to sockets.

pub mod channels;
pub mod dispatcher;
pub mod queue;
pub mod typing;

use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use http::{StatusCode, header};

use crate::core::app::App;
use crate::http::origin::origin_is_host;
use crate::http::problem::Problem;
use crate::identity::sessions::SessionError;
use crate::identity::sessions::extractors::SignedIn;
use channels::Live;

/// `/cable`.
pub fn routes() -> Router<App> {
    Router::new().route("/cable", any(connect))
}

/// Upgrades to a WebSocket, for our own pages and for programs.
async fn connect(State(app): State<App>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let origin = parts
        .headers
        .get(header::ORIGIN)
        .and_then(|origin| origin.to_str().ok())
        .map(str::to_ascii_lowercase);
    let allowed = origin.is_none_or(|origin| {
        app.config.allowed_origins.contains(&origin) || origin_is_host(&parts.headers, &parts.uri)
    });
    if !allowed {
        return Problem::new(
            StatusCode::FORBIDDEN,
            "This origin may not connect. Add it to ALLOWED_ORIGINS if it should.",
        )
        .into_response();
    }
    let caller = match SignedIn::from_request_parts(&mut parts, &app).await {
        // A database error is no refusal: the client tries again.
        Err(error @ SessionError::Database(_)) => return error.into_response(),
        caller => caller,
    };
    let mut request = Request::from_parts(parts, body);
    app.state::<Live>()
        .cable()
        .accept(&mut request, caller.map_err(|_| cable::Unauthorized))
        .map(Body::from)
}

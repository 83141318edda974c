//! The gate that barred addresses do not pass with a write.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::Bans;
use crate::core::app::App;
use crate::http::client_ip::Peer;
use crate::http::problem::Problem;

/// A ban has no end of its own; an hour is a polite answer to "when may I try again".
const RETRY_AFTER: u32 = 3_600;

/// Answers 429 to writes from a barred address; looking is free, as in Campfire.
pub async fn check(State(app): State<App>, request: Request, next: Next) -> Response {
    if !request.method().is_safe() {
        // A request without a peer has no address that could be barred.
        if let Some(peer) = request.extensions().get::<Peer>() {
            let address = app.config.trusted_proxies.client(peer.0.ip(), request.headers());
            match app.state::<Bans>().is_banned(&app, address) {
                Ok(false) => {}
                Ok(true) => return banned(),
                Err(error) => return Problem::from(error).into_response(),
            }
        }
    }
    next.run(request).await
}

fn banned() -> Response {
    let words = "Writing from this network address is not allowed at the moment. Ask an administrator of this Campfire.";
    Problem::new(StatusCode::TOO_MANY_REQUESTS, words).retry_after(RETRY_AFTER).into_response()
}

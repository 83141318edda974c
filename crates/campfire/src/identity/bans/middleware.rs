//! Middleware that rejects writes from banned IP addresses.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::Bans;
use crate::core::app::App;
use crate::http::client_ip::Peer;
use crate::http::problem::Problem;

/// Seconds. A ban does not expire, so this only keeps clients from retrying often.
const RETRY_AFTER: u32 = 3_600;

/// Responds with 429 to writes from a banned address. Reading is allowed, as in Campfire.
pub async fn check(State(app): State<App>, request: Request, next: Next) -> Response {
    if !request.method().is_safe() {
        // Without a peer there is no address to check.
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
    let detail = "This network address is banned. Contact an administrator of this Campfire.";
    Problem::new(StatusCode::TOO_MANY_REQUESTS, detail).retry_after(RETRY_AFTER).into_response()
}

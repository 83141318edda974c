//! `/health/detailed` and `/metrics`: for whoever is on this machine, or brings the operator's
//! token.

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::request::Parts;
use http::{StatusCode, header};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::metrics::Figures;
use crate::core::app::App;
use crate::http::client_ip::Peer;
use crate::http::problem::Problem;

/// The routes.
pub fn routes() -> Router<App> {
    Router::new().route("/health/detailed", get(detailed)).route("/metrics", get(metrics))
}

/// Somebody who may know how the server is doing.
struct Observer(App);

impl FromRequestParts<App> for Observer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if is_here(parts) || brings_token(parts, app) {
            return Ok(Self(app.clone()));
        }
        let how = "Ask from the server's own machine, or with the operator's METRICS_TOKEN as a bearer token.";
        Err(Problem::new(StatusCode::FORBIDDEN, how))
    }
}

/// Whether the request began on this machine: no proxy on it passed it on for somebody else. That
/// one did is believed whichever proxies are trusted, and whatever it says of whom it was for.
fn is_here(parts: &Parts) -> bool {
    const PASSED_ON: [&str; 6] = [
        "forwarded",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
        "x-real-ip",
        "via",
    ];
    let peer = parts.extensions.get::<Peer>().map(|peer| peer.0.ip().to_canonical());
    peer.is_some_and(|address| address.is_loopback())
        && !PASSED_ON.iter().any(|name| parts.headers.contains_key(*name))
}

fn brings_token(parts: &Parts, app: &App) -> bool {
    let Some(token) = &app.config.metrics_token else { return false };
    let brought = parts
        .headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    // Digests are compared: how long that takes says nothing about the token.
    brought.is_some_and(|brought| Sha256::digest(brought.trim()) == Sha256::digest(token))
}

async fn detailed(Observer(app): Observer) -> Json<Value> {
    Json(Figures::gather(&app).await.to_json())
}

async fn metrics(Observer(app): Observer) -> Response {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    match Figures::gather(&app).await.to_openmetrics() {
        Ok(text) => ([(header::CONTENT_TYPE, kind)], text).into_response(),
        Err(error) => Problem::unexpected(&error).into_response(),
    }
}

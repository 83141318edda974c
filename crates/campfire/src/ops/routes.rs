//! `/health/detailed` and `/metrics`, for requests from this machine or with `METRICS_TOKEN`.

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::request::Parts;
use http::{StatusCode, header};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::metrics::Metrics;
use crate::core::app::App;
use crate::http::client_ip::Peer;
use crate::http::problem::Problem;

/// The routes.
pub fn routes() -> Router<App> {
    Router::new().route("/health/detailed", get(detailed)).route("/metrics", get(metrics))
}

/// A caller who may read metrics.
struct MetricsReader(App);

impl FromRequestParts<App> for MetricsReader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if is_local(parts) || has_token(parts, app) {
            return Ok(Self(app.clone()));
        }
        let detail = "Send this request from the server's own machine, or with METRICS_TOKEN as a bearer token.";
        Err(Problem::new(StatusCode::FORBIDDEN, detail))
    }
}

/// Whether the request came from this machine and not through a proxy on it. Any forwarding header
/// counts, whichever proxies are trusted.
fn is_local(parts: &Parts) -> bool {
    const FORWARDING_HEADERS: [&str; 6] = [
        "forwarded",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
        "x-real-ip",
        "via",
    ];
    let peer = parts.extensions.get::<Peer>().map(|peer| peer.0.ip().to_canonical());
    peer.is_some_and(|address| address.is_loopback())
        && !FORWARDING_HEADERS.iter().any(|name| parts.headers.contains_key(*name))
}

fn has_token(parts: &Parts, app: &App) -> bool {
    let Some(token) = &app.config.metrics_token else { return false };
    let sent = parts
        .headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    // Comparing digests takes no longer for a better guess.
    sent.is_some_and(|sent| Sha256::digest(sent.trim()) == Sha256::digest(token))
}

async fn detailed(MetricsReader(app): MetricsReader) -> Json<Value> {
    Json(Metrics::gather(&app).await.to_json())
}

async fn metrics(MetricsReader(app): MetricsReader) -> Response {
    let content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    match Metrics::gather(&app).await.to_openmetrics() {
        Ok(text) => ([(header::CONTENT_TYPE, content_type)], text).into_response(),
        Err(error) => Problem::unexpected(&error).into_response(),
    }
}

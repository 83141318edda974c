//! Health checks for load balancers and orchestrators.

use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use http::StatusCode;
use serde_json::{Value, json};

use crate::core::app::App;

/// Whether the server accepts work; false while it shuts down.
pub struct Readiness(AtomicBool);

impl Default for Readiness {
    fn default() -> Self {
        Self(AtomicBool::new(true))
    }
}

impl Readiness {
    /// From now on `/ready` answers 503.
    pub fn withdraw(&self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// `/up`, `/health` and `/ready`.
pub fn routes() -> Router<App> {
    Router::new().route("/up", get(up)).route("/health", get(health)).route("/ready", get(ready))
}

async fn up() -> &'static str {
    "up\n"
}

async fn health() -> Json<Value> {
    Json(json!({ "status": "ok", "version": crate::core::version::VERSION }))
}

/// 503 while the server shuts down and while writes fail.
async fn ready(State(app): State<App>) -> (StatusCode, Json<Value>) {
    let draining = !app.state::<Readiness>().0.load(Ordering::Relaxed);
    let failing = app.db.status().failing;
    let ready = !draining && failing.is_none();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (
        status,
        Json(
            json!({ "ready": ready, "draining": draining, "writes": failing.as_deref().unwrap_or("ok") }),
        ),
    )
}

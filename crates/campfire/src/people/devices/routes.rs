//! Endpoints to list devices and sign them out.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::core::app::App;
use crate::core::clock::Time;
use crate::core::ids::SessionId;
use crate::http::client_ip::Peer;
use crate::http::json;
use crate::http::path::Segment;
use crate::http::problem::Problem;
use crate::identity::audit::{self, Actor, Subject};
use crate::identity::sessions::extractors::SignedIn;
use crate::identity::sessions::{SessionError, cookie, store};
use crate::integrations::pushes::store as push_store;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(sign_out)).routes(routes!(list)).routes(routes!(revoke))
}

/// What else to delete when signing out.
#[derive(Deserialize, ToSchema, Default)]
struct SignOut {
    /// The endpoint of this browser's push subscription.
    push_endpoint: Option<String>,
}

/// Sign out
#[utoipa::path(delete, operation_id = "sign_out", path = "/api/v1/session", tag = "session", request_body(content = SignOut, description = "Optional"), responses(
    (status = 204, description = "Signed out; this device's cable connections are closed"),
))]
async fn sign_out(
    caller: SignedIn,
    State(app): State<App>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    request: axum::extract::Request,
) -> Result<Response, Problem> {
    let body = json::read(request).await?;
    let form: SignOut = if body.is_empty() {
        SignOut::default()
    } else {
        serde_json::from_slice(&body).map_err(|error| {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, format!("body: {error}."))
        })?
    };
    let (user, session) = (caller.user.id, caller.id);
    app.db
        .write(move |tx| {
            if let Some(endpoint) = &form.push_endpoint {
                push_store::delete_endpoint(tx, user, endpoint)?;
            }
            store::delete(tx, user, session)
        })
        .await
        .map_err(Problem::from)?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie::clear(&app, peer, &headers))])
        .into_response())
}

/// A device where you are signed in.
#[derive(Serialize, ToSchema)]
struct DeviceView {
    id: SessionId,
    user_agent: Option<String>,
    ip_address: Option<String>,
    last_active_at: Time,
    created_at: Time,
    /// Whether it is the device that sent the request.
    current: bool,
}

/// List your devices, last used first
#[utoipa::path(get, operation_id = "list_sessions", path = "/api/v1/sessions", tag = "session", responses(
    (status = 200, body = Vec<DeviceView>),
))]
async fn list(
    caller: SignedIn,
    State(app): State<App>,
) -> Result<Json<Vec<DeviceView>>, SessionError> {
    let rows = app.db.read(|reader| store::list(reader, caller.user.id))?;
    let devices = rows.into_iter().map(|row| DeviceView {
        id: row.id,
        user_agent: row.user_agent,
        ip_address: row.ip_address,
        last_active_at: row.last_active_at,
        created_at: row.created_at,
        current: row.id == caller.id,
    });
    Ok(Json(devices.collect()))
}

/// Sign out one of your devices
#[utoipa::path(delete, operation_id = "revoke_session", path = "/api/v1/sessions/{id}", tag = "session", params(("id" = i64, Path)), responses(
    (status = 204, description = "Signed out; its cable connections are closed"),
))]
async fn revoke(
    caller: SignedIn,
    by: Actor,
    State(app): State<App>,
    Segment(id): Segment<i64>,
) -> Result<StatusCode, SessionError> {
    let (user, now) = (caller.user.clone(), app.clock.now());
    app.db
        .write(move |tx| {
            if !store::delete(tx, user.id, SessionId(id))? {
                return Err(SessionError::NoSuchSession);
            }
            audit::record(
                tx,
                &by,
                "session.revoked",
                Some(&Subject::user(user.id, &user.name)),
                "1 device",
                now,
            )?;
            Ok(StatusCode::NO_CONTENT)
        })
        .await
}

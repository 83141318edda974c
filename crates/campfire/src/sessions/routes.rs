//! Signing in and out, and one's devices.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::attempts::{AccountAttempts, Attempts};
use super::callers::{SignedIn, Visitor};
use super::passwords::Passwords;
use super::{SessionError, cookie, store};
use crate::app::App;
use crate::audit::{self, By, Subject};
use crate::http::address::Peer;
use crate::http::json::{self, JsonBody};
use crate::http::problem::Problem;
use crate::ids::SessionId;
use crate::time::Time;
use crate::users::{People, User, store as user_store};

/// The routes of sessions.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(sign_in, sign_out)).routes(routes!(list)).routes(routes!(revoke))
}

/// What one signs in with.
#[derive(Deserialize, ToSchema)]
struct Credentials {
    email_address: String,
    password: String,
}

/// Who signed in.
#[derive(Serialize, ToSchema)]
pub struct SignedInAs {
    /// Who.
    pub user: Arc<User>,
}

/// Sign in
///
/// Ten tries in three minutes from one network address; twenty wrong ones in a quarter of an hour for one e-mail address.
#[utoipa::path(post, operation_id = "sign_in", path = "/api/v1/session", tag = "session", request_body = Credentials, responses(
    (status = 201, body = SignedInAs),
    (status = 401, description = "Wrong address or password", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "Too many tries", body = Problem, content_type = "application/problem+json"),
))]
async fn sign_in(
    State(app): State<App>,
    visitor: Visitor,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    JsonBody(credentials): JsonBody<Credentials>,
) -> Result<Response, SessionError> {
    let tries = app.state::<Attempts>().count(visitor.address, app.clock.now());
    tries.map_err(|seconds| SessionError::TooManyTries { seconds })?;
    // Counted for addresses that nobody has, too: the answer must not tell which there are.
    let account = credentials.email_address.trim().to_lowercase();
    let failures = app.state::<AccountAttempts>().check(&account, app.clock.now());
    failures.map_err(|seconds| SessionError::TooManyTries { seconds })?;
    let found = app.db.read(|reader| user_store::credentials(reader, credentials.email_address.trim()))?;
    let (id, digest) = found.unzip();
    let right = app.state::<Passwords>().verify(credentials.password, digest).await?;
    let Some(id) = id.filter(|_| right) else {
        app.state::<AccountAttempts>().failed(&account, app.clock.now());
        return Err(SessionError::WrongCredentials);
    };
    let user = app.state::<People>().find(&app, id)?.ok_or(SessionError::WrongCredentials)?;
    let token = rails_compat::tokens::session_token(&mut rand::rng());
    let (kept, now) = (token.clone(), app.clock.now());
    app.db.write(move |tx| store::insert(tx, id, &kept, &visitor.device, now)).await.map_err(SessionError::Database)?;
    let cookie = [(header::SET_COOKIE, cookie::issue(&app, peer, &headers, &token))];
    Ok((StatusCode::CREATED, cookie, Json(SignedInAs { user })).into_response())
}

/// What to forget when signing out.
#[derive(Deserialize, ToSchema, Default)]
struct SignOut {
    /// The push subscription of this browser.
    push_endpoint: Option<String>,
}

/// Sign out
#[utoipa::path(delete, operation_id = "sign_out", path = "/api/v1/session", tag = "session", request_body(content = SignOut, description = "Optional"), responses(
    (status = 204, description = "Signed out; this device's sockets close"),
    (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
))]
async fn sign_out(
    caller: SignedIn,
    State(app): State<App>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    request: axum::extract::Request,
) -> Result<Response, Problem> {
    let body = json::read(request).await?;
    let wish: SignOut = if body.is_empty() {
        SignOut::default()
    } else {
        serde_json::from_slice(&body).map_err(|error| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, format!("body: {error}.")))?
    };
    let (user, session) = (caller.user.id, caller.id);
    app.db
        .write(move |tx| {
            if let Some(endpoint) = &wish.push_endpoint {
                store::delete_push_subscription(tx, user, endpoint)?;
            }
            store::delete(tx, user, session)
        })
        .await
        .map_err(Problem::from)?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie::withdraw(&app, peer, &headers))]).into_response())
}

/// A device one is signed in on.
#[derive(Serialize, ToSchema)]
struct DeviceView {
    id: SessionId,
    user_agent: Option<String>,
    ip_address: Option<String>,
    last_active_at: Time,
    created_at: Time,
    /// Whether it is the one that asks.
    current: bool,
}

/// One's devices, the one used last first
#[utoipa::path(get, operation_id = "list_sessions", path = "/api/v1/sessions", tag = "session", responses(
    (status = 200, body = Vec<DeviceView>),
    (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
))]
async fn list(caller: SignedIn, State(app): State<App>) -> Result<Json<Vec<DeviceView>>, SessionError> {
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

/// Sign one of one's devices out
#[utoipa::path(delete, operation_id = "revoke_session", path = "/api/v1/sessions/{id}", tag = "session", params(("id" = i64, Path)), responses(
    (status = 204, description = "Signed out; its sockets close"),
    (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "Not a device of one's own", body = Problem, content_type = "application/problem+json"),
))]
async fn revoke(caller: SignedIn, by: By, State(app): State<App>, Path(id): Path<SessionId>) -> Result<StatusCode, SessionError> {
    let (user, now) = (caller.user.clone(), app.clock.now());
    app.db
        .write(move |tx| {
            if !store::delete(tx, user.id, id)? {
                return Err(SessionError::NoSuchSession);
            }
            audit::record(tx, &by, "session.revoked", Some(&Subject::user(user.id, &user.name)), "one device", now)?;
            Ok(StatusCode::NO_CONTENT)
        })
        .await
}

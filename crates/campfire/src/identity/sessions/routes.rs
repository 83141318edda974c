//! Signing in.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extractors::Visitor;
use super::passwords::Passwords;
use super::rate_limit::{AccountAttempts, Attempts, Try};
use super::{SessionError, cookie, store};
use crate::core::app::App;
use crate::http::client_ip::Peer;
use crate::http::json::JsonBody;
use crate::identity::users::{Me, People, store as user_store};

/// The routes of sessions.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(sign_in))
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
    pub user: Me,
}

/// Sign in
///
/// Ten tries in three minutes from one network address; twenty wrong ones in a quarter of an hour
/// for one e-mail address.
#[utoipa::path(post, operation_id = "sign_in", path = "/api/v1/session", tag = "session", request_body = Credentials, responses(
    (status = 201, body = SignedInAs),
    (status = 401, description = "Wrong address or password"),
    (status = 429, description = "Too many tries"),
))]
async fn sign_in(
    State(app): State<App>,
    visitor: Visitor,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    JsonBody(credentials): JsonBody<Credentials>,
) -> Result<Response, SessionError> {
    let tries = app.state::<Attempts>().count(Try::SignIn, visitor.address, app.clock.now());
    tries.map_err(|seconds| SessionError::TooManyTries { seconds })?;
    // Counted for addresses that nobody has, too: the answer must not tell which there are.
    let account = credentials.email_address.trim().to_lowercase();
    let failures = app.state::<AccountAttempts>().check(&account, app.clock.now());
    failures.map_err(|seconds| SessionError::TooManyTries { seconds })?;
    let found =
        app.db.read(|reader| user_store::credentials(reader, credentials.email_address.trim()))?;
    let digest = found.as_ref().map(|(_, digest)| digest.clone());
    let right = app.state::<Passwords>().verify(credentials.password, digest).await?;
    let Some((id, digest)) = found.filter(|_| right) else {
        app.state::<AccountAttempts>().failed(&account, app.clock.now());
        return Err(SessionError::WrongCredentials);
    };
    let token = rails_compat::tokens::session_token(&mut rand::rng());
    let (kept, now) = (token.clone(), app.clock.now());
    app.db
        .write(move |tx| {
            // Checking took a while: the password may have been changed, or its owner thrown out,
            // meanwhile.
            if !user_store::is_digest(tx, id, &digest)? {
                return Err(SessionError::WrongCredentials);
            }
            Ok(store::insert(tx, id, &kept, &visitor.device, now)?)
        })
        .await?;
    let cookie = [(header::SET_COOKIE, cookie::issue(&app, peer, &headers, &token))];
    let user = app.state::<People>().find(&app, id)?.ok_or(SessionError::WrongCredentials)?;
    Ok((StatusCode::CREATED, cookie, Json(SignedInAs { user: user.myself(&app)? })).into_response())
}

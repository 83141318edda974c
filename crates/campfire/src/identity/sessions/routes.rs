//! The sign-in endpoint.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extractors::ClientInfo;
use super::passwords::PasswordHasher;
use super::rate_limit::{IpRateLimiter, LimitedAction, PasswordRateLimiter};
use super::{SessionError, cookie, store};
use crate::core::app::App;
use crate::http::client_ip::Peer;
use crate::http::json::JsonBody;
use crate::identity::users::{Me, Users, store as user_store};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(sign_in))
}

#[derive(Deserialize, ToSchema)]
struct Credentials {
    email_address: String,
    password: String,
}

#[derive(Serialize, ToSchema)]
pub struct SignedInAs {
    pub user: Me,
}

/// Sign in
///
/// Allows ten attempts in three minutes per network address, and twenty wrong passwords in 15
/// minutes per email address.
#[utoipa::path(post, operation_id = "sign_in", path = "/api/v1/session", tag = "session", request_body = Credentials, responses(
    (status = 201, body = SignedInAs),
    (status = 401, description = "Wrong email address or password"),
))]
async fn sign_in(
    State(app): State<App>,
    client: ClientInfo,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    JsonBody(credentials): JsonBody<Credentials>,
) -> Result<Response, SessionError> {
    let tries =
        app.state::<IpRateLimiter>().count(LimitedAction::SignIn, client.address, app.clock.now());
    tries.map_err(|seconds| SessionError::RateLimited { seconds })?;
    // Counts unknown addresses too, so that the response does not reveal which ones exist.
    let account = credentials.email_address.trim().to_lowercase();
    let failures = app.state::<PasswordRateLimiter>().check(&account, app.clock.now());
    failures.map_err(|seconds| SessionError::RateLimited { seconds })?;
    let found = app
        .db
        .read(|reader| user_store::find_credentials(reader, credentials.email_address.trim()))?;
    let digest = found.as_ref().map(|(_, digest)| digest.clone());
    let matches = app.state::<PasswordHasher>().verify(credentials.password, digest).await?;
    let Some((id, digest)) = found.filter(|_| matches) else {
        app.state::<PasswordRateLimiter>().record_failure(&account, app.clock.now());
        return Err(SessionError::WrongCredentials);
    };
    let token = rails_compat::tokens::session_token(&mut rand::rng());
    let (stored, now) = (token.clone(), app.clock.now());
    app.db
        .write(move |tx| {
            // The password may have changed, or the user been banned, during the bcrypt check.
            if !user_store::has_password_digest(tx, id, &digest)? {
                return Err(SessionError::WrongCredentials);
            }
            Ok(store::insert(tx, id, &stored, &client.device, now)?)
        })
        .await?;
    let cookie = [(header::SET_COOKIE, cookie::issue(&app, peer, &headers, &token))];
    let user = app.state::<Users>().find(&app, id)?.ok_or(SessionError::WrongCredentials)?;
    Ok((StatusCode::CREATED, cookie, Json(SignedInAs { user: user.into_me(&app)? }))
        .into_response())
}

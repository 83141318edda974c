//! Endpoints for password reset links.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::{HeaderMap, StatusCode, Uri, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{LIFETIME, MAX_TOKEN, ResetError, digest, path, store, token};
use crate::core::app::App;
use crate::core::clock::Time;
use crate::core::ids::UserId;
use crate::http::client_ip::{Peer, base_url};
use crate::http::json::JsonBody;
use crate::http::path::{PathId, Segment};
use crate::http::problem::Errors;
use crate::identity::audit::{self, Actor, Subject};
use crate::identity::sessions::extractors::{Administrator, ClientInfo, require_administrator};
use crate::identity::sessions::passwords::PasswordHasher;
use crate::identity::sessions::rate_limit::{IpRateLimiter, LimitedAction};
use crate::identity::sessions::routes::SignedInAs;
use crate::identity::sessions::{self, SessionError, cookie};
use crate::identity::users::events::UserChanged;
use crate::identity::users::fields::NewPassword;
use crate::identity::users::store::{self as user_store, Changes};
use crate::identity::users::{Role, Status, Users};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(create)).routes(routes!(show, redeem))
}

#[derive(Serialize, ToSchema)]
struct ResetLink {
    /// The page where the person sets a new password. Works once.
    url: String,
    expires_at: Time,
}

/// Create a password reset link
///
/// Replaces an earlier link.
#[utoipa::path(post, operation_id = "create_password_reset", path = "/api/v1/users/{user_id}/password_reset", tag = "users",
    params(("user_id" = i64, Path)), responses(
    (status = 201, body = ResetLink),
    (status = 404, description = "No such active user"),
    (status = 422, description = "The user is a bot"),
))]
async fn create(
    _: Administrator,
    by: Actor,
    PathId(user): PathId<UserId>,
    State(app): State<App>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, ResetError> {
    let (token, digest) = token();
    let now = app.clock.now();
    let expires_at = now.plus_seconds(LIFETIME);
    app.db
        .write(move |tx| {
            let row = user_store::find(tx, user)?
                .filter(|row| row.status() == Status::Active)
                .ok_or(ResetError::NotFound)?;
            if row.role() == Role::Bot {
                return Err(ResetError::Bot);
            }
            require_administrator(tx, by.user)?;
            store::insert(tx, user, &digest, now, expires_at)?;
            Ok(audit::record(
                tx,
                &by,
                "user.password_reset_link",
                Some(&Subject::user(user, row.name())),
                "",
                now,
            )?)
        })
        .await?;
    let url = base_url(&app.config.trusted_proxies, peer, &headers, &uri) + &path(&token);
    Ok((StatusCode::CREATED, Json(ResetLink { url, expires_at })).into_response())
}

/// The user whose password a link resets.
#[derive(Serialize, ToSchema)]
struct ResetView {
    name: String,
}

/// Check a password reset link
#[utoipa::path(get, operation_id = "show_password_reset", path = "/api/v1/password_resets/{token}", tag = "session", params(("token" = String, Path)), security(()), responses(
    (status = 200, body = ResetView),
    (status = 404, description = "Wrong, used or expired"),
))]
async fn show(
    State(app): State<App>,
    Segment(token): Segment<String>,
) -> Result<Json<ResetView>, ResetError> {
    let (_, name) = find(&app, &token)?;
    Ok(Json(ResetView { name }))
}

#[derive(Deserialize, ToSchema)]
struct NewPasswordForm {
    /// At least 8 characters, at most 72 bytes.
    password: String,
}

/// Set a new password with a link
///
/// Signs in this device and signs out all others.
#[utoipa::path(put, operation_id = "redeem_password_reset", path = "/api/v1/password_resets/{token}", tag = "session", params(("token" = String, Path)),
    request_body = NewPasswordForm, security(()), responses(
    (status = 200, body = SignedInAs),
    (status = 404, description = "Wrong, used or expired"),
    (status = 422, description = "The password is invalid"),
))]
async fn redeem(
    State(app): State<App>,
    client: ClientInfo,
    Extension(peer): Extension<Peer>,
    Segment(token): Segment<String>,
    headers: HeaderMap,
    JsonBody(form): JsonBody<NewPasswordForm>,
) -> Result<Response, ResetError> {
    let tries = app.state::<IpRateLimiter>().count(
        LimitedAction::PasswordReset,
        client.address,
        app.clock.now(),
    );
    tries.map_err(|seconds| SessionError::RateLimited { seconds })?;
    // Checked before the expensive hash, and again in the transaction.
    find(&app, &token)?;
    let password = NewPassword::parse(&form.password).map_err(|problem| {
        ResetError::Rejected(Errors::from([("password".to_owned(), vec![problem])]))
    })?;
    let changes = Changes {
        digest: Some(app.state::<PasswordHasher>().digest(password.expose().to_owned()).await?),
        ..Changes::default()
    };
    let session = rails_compat::tokens::session_token(&mut rand::rng());
    let (kept, now) = (session.clone(), app.clock.now());
    let user = app
        .db
        .write(move |tx| {
            let (user, name) = store::find(tx, &digest(&token), now)?.ok_or(ResetError::Invalid)?;
            store::delete(tx, user)?;
            user_store::update(tx, user, &changes, now)?;
            let ended = sessions::store::delete_others(tx, user, None)?;
            let by = Actor { user: Some(user), ip_address: Some(client.device.ip_address.clone()) };
            let detail = format!("{ended} devices, after a password reset by link");
            audit::record(
                tx,
                &by,
                "session.revoked",
                Some(&Subject::user(user, &name)),
                &detail,
                now,
            )?;
            sessions::store::insert(tx, user, &kept, &client.device, now)?;
            tx.publish(Arc::new(UserChanged { user }));
            Ok::<_, ResetError>(user)
        })
        .await?;
    let user = app.state::<Users>().find(&app, user)?.ok_or(ResetError::Invalid)?;
    let cookie = [(header::SET_COOKIE, cookie::issue(&app, peer, &headers, &session))];
    Ok((StatusCode::OK, cookie, Json(SignedInAs { user: user.into_me(&app)? })).into_response())
}

fn find(app: &App, token: &str) -> Result<(crate::core::ids::UserId, String), ResetError> {
    if token.len() > MAX_TOKEN {
        return Err(ResetError::Invalid);
    }
    let now = app.clock.now();
    app.db.read(|reader| store::find(reader, &digest(token), now))?.ok_or(ResetError::Invalid)
}

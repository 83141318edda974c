//! Endpoints for transfer links.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::{HeaderMap, StatusCode, Uri, header};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{LIFETIME, TransferError, issue, qr, read, redeem};
use crate::core::app::App;
use crate::core::clock::Time;
use crate::http::client_ip::{Peer, base_url};
use crate::http::path::Segment;
use crate::http::problem::Problem;
use crate::identity::sessions::extractors::{ClientInfo, SignedIn};
use crate::identity::sessions::rate_limit::{IpRateLimiter, LimitedAction};
use crate::identity::sessions::routes::SignedInAs;
use crate::identity::sessions::{SessionError, cookie};
use crate::identity::users::Users;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create))
        .routes(routes!(accept))
        .route("/qr_code/{id}", axum::routing::get(qr::show))
}

/// A link that signs in another device.
#[derive(Serialize, ToSchema)]
struct TransferLink {
    /// Signs in the first device that opens it. Keep it secret.
    url: String,
    /// The link as a QR code.
    qr_svg_url: String,
    expires_at: Time,
}

/// Create a link that signs in another device
#[utoipa::path(post, operation_id = "create_transfer", path = "/api/v1/session/transfer", tag = "session", responses(
    (status = 201, body = TransferLink),
))]
async fn create(
    caller: SignedIn,
    State(app): State<App>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    uri: Uri,
) -> impl IntoResponse {
    let expires_at = app.clock.now().plus_seconds(LIFETIME);
    let id = issue(&app, caller.user.id, expires_at);
    let url = format!(
        "{}/session/transfers/{id}",
        base_url(&app.config.trusted_proxies, peer, &headers, &uri)
    );
    (StatusCode::CREATED, Json(TransferLink { qr_svg_url: qr::path(&url), url, expires_at }))
}

/// Sign in with a transfer link
#[utoipa::path(put, operation_id = "accept_transfer", path = "/api/v1/session/transfers/{id}", tag = "session", params(("id" = String, Path)), security(()), responses(
    (status = 200, body = SignedInAs),
    (status = 400, description = "Wrong, used or expired"),
))]
async fn accept(
    State(app): State<App>,
    client: ClientInfo,
    Extension(peer): Extension<Peer>,
    id: Result<Segment<String>, Problem>,
    headers: HeaderMap,
) -> Result<Response, TransferError> {
    let tries = app.state::<IpRateLimiter>().count(
        LimitedAction::Transfer,
        client.address,
        app.clock.now(),
    );
    tries.map_err(|seconds| SessionError::RateLimited { seconds })?;
    let Segment(id) = id.map_err(|_| TransferError::Invalid)?;
    // Checked before waiting for the writer, and again in the transaction.
    read(&app, &id, app.clock.now()).ok_or(TransferError::Invalid)?;
    let token = rails_compat::tokens::session_token(&mut rand::rng());
    let (stored, writer) = (token.clone(), app.clone());
    let user = app.db.write(move |tx| redeem(&writer, tx, &id, &stored, &client.device)).await?;
    let user = app.state::<Users>().find(&app, user)?.ok_or(TransferError::Invalid)?;
    let cookie = [(header::SET_COOKIE, cookie::issue(&app, peer, &headers, &token))];
    Ok((StatusCode::OK, cookie, Json(SignedInAs { user: user.into_me(&app)? })).into_response())
}

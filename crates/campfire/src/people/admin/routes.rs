//! Endpoints for user administration.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{AdminError, write};
use crate::core::app::App;
use crate::core::ids::UserId;
use crate::http::json::JsonBody;
use crate::http::path::PathId;
use crate::identity::audit::Actor;
use crate::identity::sessions::extractors::Administrator;
use crate::identity::users::{Me, Role, Users};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(set_role, deactivate)).routes(routes!(ban, unban))
}

/// The new role.
#[derive(Deserialize, ToSchema)]
struct RoleForm {
    /// `member` or `administrator`.
    role: Role,
}

/// Change a user's role
#[utoipa::path(patch, operation_id = "change_role", path = "/api/v1/users/{user_id}", tag = "users", params(("user_id" = i64, Path)),
    request_body = RoleForm, responses(
    (status = 200, body = Me),
    (status = 404, description = "No such active user"),
    (status = 409, description = "The last administrator"),
    (status = 422, description = "No such role, or the user is a bot"),
))]
async fn set_role(
    _: Administrator,
    by: Actor,
    PathId(user): PathId<UserId>,
    State(app): State<App>,
    JsonBody(form): JsonBody<RoleForm>,
) -> Result<Json<Me>, AdminError> {
    write(&app, move |tx, now| super::set_role(tx, &by, user, form.role, now)).await?;
    let user = app.state::<Users>().find(&app, user)?.ok_or(AdminError::NotFound)?;
    Ok(Json(user.into_me(&app)?))
}

/// Deactivate a user or bot
///
/// Keeps their messages.
#[utoipa::path(delete, operation_id = "deactivate_user", path = "/api/v1/users/{user_id}", tag = "users", params(("user_id" = i64, Path)), responses(
    (status = 204, description = "Deactivated; cable connections are closed"),
    (status = 404, description = "No such active user"),
    (status = 409, description = "The last administrator"),
))]
async fn deactivate(
    _: Administrator,
    by: Actor,
    PathId(user): PathId<UserId>,
    State(app): State<App>,
) -> Result<StatusCode, AdminError> {
    write(&app, move |tx, now| super::deactivate(tx, &by, user, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ban a user
///
/// Signs them out, bans their public IP addresses, and deletes their messages in the background.
#[utoipa::path(post, operation_id = "ban_user", path = "/api/v1/users/{user_id}/ban", tag = "users", params(("user_id" = i64, Path)), responses(
    (status = 204, description = "Banned; cable connections are closed"),
    (status = 404, description = "No such active user"),
    (status = 409, description = "Yourself, the last administrator, or already banned"),
    (status = 422, description = "The user is a bot"),
))]
async fn ban(
    _: Administrator,
    by: Actor,
    PathId(user): PathId<UserId>,
    State(app): State<App>,
) -> Result<StatusCode, AdminError> {
    write(&app, move |tx, now| super::ban(tx, &by, user, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Unban a user
///
/// Does not restore deleted messages.
#[utoipa::path(delete, operation_id = "unban_user", path = "/api/v1/users/{user_id}/ban", tag = "users", params(("user_id" = i64, Path)), responses(
    (status = 204, description = "Unbanned; can sign in again"),
    (status = 409, description = "Not banned"),
))]
async fn unban(
    _: Administrator,
    by: Actor,
    PathId(user): PathId<UserId>,
    State(app): State<App>,
) -> Result<StatusCode, AdminError> {
    write(&app, move |tx, now| super::unban(tx, &by, user, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

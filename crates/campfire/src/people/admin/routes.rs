//! Administering people over HTTP.

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

/// The routes of administration.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(set_role, deactivate)).routes(routes!(ban, unban))
}

/// What a person shall be from now on.
#[derive(Deserialize, ToSchema)]
struct RoleForm {
    /// `member` or `administrator`.
    role: Role,
}

/// Make a person an administrator or a member
#[utoipa::path(patch, operation_id = "change_role", path = "/api/v1/users/{user_id}", tag = "users", params(("user_id" = i64, Path)),
    request_body = RoleForm, responses(
    (status = 200, body = Me),
    (status = 403, description = "Not an administrator"),
    (status = 404, description = "Nobody active has this number"),
    (status = 409, description = "The last administrator"),
    (status = 422, description = "No such role, or a bot"),
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

/// Remove a person or bot from the account; what they said stays
#[utoipa::path(delete, operation_id = "deactivate_user", path = "/api/v1/users/{user_id}", tag = "users", params(("user_id" = i64, Path)), responses(
    (status = 204, description = "Removed; their sockets close"),
    (status = 403, description = "Not an administrator"),
    (status = 404, description = "Nobody active has this number"),
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

/// Ban a person: signed out, their public addresses barred, their messages removed
#[utoipa::path(post, operation_id = "ban_user", path = "/api/v1/users/{user_id}/ban", tag = "users", params(("user_id" = i64, Path)), responses(
    (status = 204, description = "Banned; their sockets close, and their messages go one after the other"),
    (status = 403, description = "Not an administrator"),
    (status = 404, description = "Nobody active has this number"),
    (status = 409, description = "OwnAccount, the last administrator, or banned already"),
    (status = 422, description = "A bot"),
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

/// Let a banned person in again; removed messages do not return
#[utoipa::path(delete, operation_id = "unban_user", path = "/api/v1/users/{user_id}/ban", tag = "users", params(("user_id" = i64, Path)), responses(
    (status = 204, description = "May sign in again"),
    (status = 403, description = "Not an administrator"),
    (status = 404, description = "Nobody has this number"),
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

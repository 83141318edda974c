//! Endpoints for blocks.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{BlockError, MAX_BLOCKS, store};
use crate::core::app::App;
use crate::core::ids::UserId;
use crate::http::path::PathId;
use crate::identity::sessions::extractors::SignedIn;
use crate::identity::users::{User, Users, store as user_store};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(block, unblock))
}

/// List the users you have blocked, by name
#[utoipa::path(get, operation_id = "list_blocks", path = "/api/v1/me/blocks", tag = "me", responses(
    (status = 200, body = Vec<User>),
))]
async fn list(
    caller: SignedIn,
    State(app): State<App>,
) -> Result<Json<Vec<Arc<User>>>, BlockError> {
    let ids = app.db.read(|reader| store::of(reader, caller.user.id))?;
    let mut blocked = Vec::with_capacity(ids.len());
    for id in ids {
        blocked.extend(app.state::<Users>().find(&app, id)?);
    }
    Ok(Json(blocked))
}

/// Block a user
///
/// They can no longer start a direct room with you, nor post in the one you share.
#[utoipa::path(put, operation_id = "block_user", path = "/api/v1/users/{user_id}/block", tag = "users", params(("user_id" = i64, Path)), responses(
    (status = 204, description = "Blocked"),
    (status = 422, description = "Yourself, or too many blocks"),
))]
async fn block(
    caller: SignedIn,
    PathId(other): PathId<UserId>,
    State(app): State<App>,
) -> Result<StatusCode, BlockError> {
    let (user, now) = (caller.user.id, app.clock.now());
    if user == other {
        return Err(BlockError::OwnAccount);
    }
    app.db
        .write(move |tx| {
            if user_store::find(tx, other)?.is_none() {
                return Err(BlockError::NotFound);
            }
            if store::count(tx, user)? >= MAX_BLOCKS {
                return Err(BlockError::TooMany);
            }
            Ok(store::insert(tx, user, other, now)?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Unblock a user
#[utoipa::path(delete, operation_id = "unblock_user", path = "/api/v1/users/{user_id}/block", tag = "users", params(("user_id" = i64, Path)), responses(
    (status = 204, description = "Unblocked"),
))]
async fn unblock(
    caller: SignedIn,
    PathId(other): PathId<UserId>,
    State(app): State<App>,
) -> Result<StatusCode, BlockError> {
    let user = caller.user.id;
    app.db.write(move |tx| store::delete(tx, user, other)).await?;
    Ok(StatusCode::NO_CONTENT)
}

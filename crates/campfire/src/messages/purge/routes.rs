//! Deleting rooms over HTTP.

use axum::extract::State;
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::room_deletion;
use crate::core::app::App;
use crate::identity::audit::Actor;
use crate::rooms::RoomError;
use crate::rooms::extractors::RoomDeleter;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(delete))
}

/// Delete a room and everything in it. Requires its creator or an administrator who is a member;
/// any member of a direct room may delete it
#[utoipa::path(delete, operation_id = "delete_room", path = "/api/v1/rooms/{room_id}", tag = "rooms", params(("room_id" = i64, Path)), responses(
    (status = 204, description = "Deleted"),
    (status = 403, description = "Neither the creator nor an administrator"),
))]
async fn delete(
    deleter: RoomDeleter,
    by: Actor,
    State(app): State<App>,
) -> Result<StatusCode, RoomError> {
    let (room, user, now) = (deleter.member.room, deleter.member.caller.user.id, app.clock.now());
    let writer = app.clone();
    app.db.write(move |tx| room_deletion::delete(&writer, tx, &by, room, user, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

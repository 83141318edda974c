//! Deleting rooms over HTTP.

use axum::extract::State;
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::room_deletion;
use crate::core::app::App;
use crate::identity::audit::By;
use crate::rooms::RoomError;
use crate::rooms::extractors::RoomRemover;

/// The routes of room deletion.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(delete))
}

/// Delete a room with everything in it: whoever made it, and administrators who are in it; a direct
/// room everybody in it
#[utoipa::path(delete, operation_id = "delete_room", path = "/api/v1/rooms/{room_id}", tag = "rooms", params(("room_id" = i64, Path)), responses(
    (status = 204, description = "Gone"),
    (status = 403, description = "Somebody else's"),
    (status = 404, description = "Not there, or not a member"),
))]
async fn delete(
    remover: RoomRemover,
    by: By,
    State(app): State<App>,
) -> Result<StatusCode, RoomError> {
    let (room, user, now) = (remover.member.room, remover.member.caller.user.id, app.clock.now());
    let writer = app.clone();
    app.db.write(move |tx| room_deletion::delete(&writer, tx, &by, room, user, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

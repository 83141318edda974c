//! Setting the involvement in a room over HTTP.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::events::RoomViewChanged;
use super::extractors::RoomMember;
use super::views::view;
use super::{Room, RoomError, RoomType, store};
use crate::core::app::App;
use crate::http::json::JsonBody;
use crate::rooms::memberships::{Involvement, store as membership_store};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(involve))
}

/// The involvement to set.
#[derive(Deserialize, ToSchema)]
struct NewInvolvement {
    involvement: Involvement,
}

/// Set your involvement in a room; in a direct room, only `everything` or `nothing`
#[utoipa::path(put, operation_id = "set_involvement", path = "/api/v1/rooms/{room_id}/involvement", tag = "rooms", params(("room_id" = i64, Path)),
    request_body = NewInvolvement, responses(
    (status = 200, body = Room),
    (status = 422, description = "Unknown involvement, or not allowed in a direct room"),
))]
async fn involve(
    member: RoomMember,
    State(app): State<App>,
    JsonBody(new): JsonBody<NewInvolvement>,
) -> Result<Json<Room>, RoomError> {
    let (room, viewer, now, involvement) =
        (member.room, member.caller.user.clone(), app.clock.now(), new.involvement);
    let row =
        app.db.read(|reader| store::find(reader, room, viewer.id))?.ok_or(RoomError::NotFound)?;
    if row.kind == RoomType::Direct
        && !matches!(involvement, Involvement::Everything | Involvement::Nothing)
    {
        return Err(RoomError::InvalidDirectInvolvement);
    }
    let user = viewer.clone();
    app.db
        .write(move |tx| {
            if !membership_store::set_involvement(tx, room, user.id, involvement, now)? {
                return Err(RoomError::NotFound);
            }
            tx.publish(Arc::new(RoomViewChanged { room, viewer: user }));
            Ok(())
        })
        .await?;
    let row =
        app.db.read(|reader| store::find(reader, room, viewer.id))?.ok_or(RoomError::NotFound)?;
    Ok(Json(view(&app, &viewer, row)?))
}

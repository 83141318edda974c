//! Marking a room as unread over HTTP.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{MessageError, store};
use crate::core::app::App;
use crate::core::ids::MessageId;
use crate::http::json::JsonBody;
use crate::rooms::extractors::RoomMember;
use crate::rooms::memberships::store as membership_store;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(mark_unread))
}

/// The message from which on the room is unread.
#[derive(Deserialize, ToSchema)]
struct FirstUnread {
    message_id: MessageId,
}

/// Mark a room as unread from a message on, on all your devices
#[utoipa::path(put, operation_id = "mark_unread", path = "/api/v1/rooms/{room_id}/unread", tag = "rooms", params(("room_id" = i64, Path)),
    request_body = FirstUnread, responses(
    (status = 204, description = "Marked as unread"),
    (status = 422, description = "The room is hidden"),
))]
async fn mark_unread(
    member: RoomMember,
    State(app): State<App>,
    JsonBody(first): JsonBody<FirstUnread>,
) -> Result<StatusCode, MessageError> {
    let (room, user, now) = (member.room, member.caller.user.id, app.clock.now());
    let marked = app
        .db
        .write(move |tx| {
            let message = store::find(tx, room, first.message_id)?.ok_or(MessageError::NotFound)?;
            Ok::<_, MessageError>(membership_store::mark_unread(
                tx,
                room,
                user,
                message.created_at,
                now,
            )?)
        })
        .await?;
    if marked {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(MessageError::BadQuery(
            "This room is hidden. Show it before you mark it as unread.".into(),
        ))
    }
}

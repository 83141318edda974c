//! Editing, deleting and restoring messages over HTTP.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::EditError;
use super::deletion::{delete, restore};
use super::edit::edit;
use super::extractors::MessageEditor;
use crate::core::app::App;
use crate::core::ids::MessageId;
use crate::http::json::JsonBody;
use crate::http::path::PathId;
use crate::identity::sessions::extractors::Caller;
use crate::messages::events::StoredMessage;
use crate::messages::rendering::MentionResolver;
use crate::messages::{Message, markup, store};
use crate::rooms::extractors::RoomMember;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(update, remove))
        .routes(routes!(source))
        .routes(routes!(restore_deleted))
}

/// The new text. Send either `body`, the editor's HTML, or `text`, plain text.
#[derive(Deserialize, ToSchema)]
struct NewText {
    body: Option<String>,
    text: Option<String>,
}

/// Edit a message as its author or as an administrator
#[utoipa::path(patch, operation_id = "edit_message", path = "/api/v1/rooms/{room_id}/messages/{message_id}", tag = "messages",
    params(("room_id" = i64, Path), ("message_id" = i64, Path)), request_body = NewText, responses(
    (status = 200, body = Message),
    (status = 403, description = "Neither the author nor an administrator"),
    (status = 422, description = "Empty, too long, or the message is a file"),
))]
async fn update(
    editor: MessageEditor<Caller>,
    State(app): State<App>,
    JsonBody(new): JsonBody<NewText>,
) -> Result<Response, EditError> {
    let html = markup(new.body.as_deref(), new.text.as_deref())?;
    Ok(answer(&*edit(&app, &editor, html).await?))
}

/// Delete a message as its author or as an administrator; it can be restored within 15 seconds
#[utoipa::path(delete, operation_id = "delete_message", path = "/api/v1/rooms/{room_id}/messages/{message_id}", tag = "messages",
    params(("room_id" = i64, Path), ("message_id" = i64, Path)), responses(
    (status = 204, description = "Deleted"),
    (status = 403, description = "Neither the author nor an administrator"),
))]
async fn remove(
    editor: MessageEditor<Caller>,
    State(app): State<App>,
) -> Result<StatusCode, EditError> {
    delete(&app, &editor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Restore a message that you deleted within the last 15 seconds
#[utoipa::path(post, operation_id = "restore_message", path = "/api/v1/rooms/{room_id}/messages/{message_id}/restore", tag = "messages",
    params(("room_id" = i64, Path), ("message_id" = i64, Path)), responses(
    (status = 200, body = Message),
    (status = 404, description = "No such room, or you did not delete the message"),
    (status = 409, description = "Too late, or the message was sent again"),
))]
async fn restore_deleted(
    member: RoomMember,
    PathId(id): PathId<MessageId>,
    State(app): State<App>,
) -> Result<Response, EditError> {
    Ok(answer(&*restore(&app, &member, id).await?))
}

/// The same JSON that subscribers receive.
fn answer(stored: &StoredMessage) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], stored.json().clone()).into_response()
}

/// The text of a message as the editor loads it.
#[derive(Serialize, ToSchema)]
struct Source {
    /// The editor's HTML.
    body: String,
}

/// Get a message's text for the editor, as its author or as an administrator
#[utoipa::path(get, operation_id = "show_message_source", path = "/api/v1/rooms/{room_id}/messages/{message_id}/source", tag = "messages",
    params(("room_id" = i64, Path), ("message_id" = i64, Path)), responses(
    (status = 200, body = Source),
    (status = 403, description = "Neither the author nor an administrator"),
))]
async fn source(editor: MessageEditor, State(app): State<App>) -> Result<Json<Source>, EditError> {
    let row = app
        .db
        .read(|reader| store::find(reader, editor.member.room, editor.message))?
        .ok_or(EditError::NotFound)?;
    let body =
        rich_text::Body::parse(&row.html.unwrap_or_default()).editor_source(&MentionResolver(&app));
    Ok(Json(Source { body }))
}

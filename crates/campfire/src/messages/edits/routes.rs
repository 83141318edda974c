//! Changing messages over HTTP.

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

/// The routes of changes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(update, remove))
        .routes(routes!(source))
        .routes(routes!(bring_back))
}

/// What it shall say from now on: `body` is the editor's HTML, `text` is plain; one of them.
#[derive(Deserialize, ToSchema)]
struct NewText {
    body: Option<String>,
    text: Option<String>,
}

/// Edit a message: its author or an administrator
#[utoipa::path(patch, operation_id = "edit_message", path = "/api/v1/rooms/{room_id}/messages/{message_id}", tag = "messages",
    params(("room_id" = i64, Path), ("message_id" = i64, Path)), request_body = NewText, responses(
    (status = 200, body = Message),
    (status = 403, description = "Somebody else's"),
    (status = 404, description = "No such room or message"),
    (status = 422, description = "Empty or too long, or a file"),
))]
async fn update(
    author: MessageEditor<Caller>,
    State(app): State<App>,
    JsonBody(new): JsonBody<NewText>,
) -> Result<Response, EditError> {
    let html = markup(new.body.as_deref(), new.text.as_deref())?;
    Ok(answer(&*edit(&app, &author, html).await?))
}

/// Delete a message: its author or an administrator; for 15 seconds they can bring it back
#[utoipa::path(delete, operation_id = "delete_message", path = "/api/v1/rooms/{room_id}/messages/{message_id}", tag = "messages",
    params(("room_id" = i64, Path), ("message_id" = i64, Path)), responses(
    (status = 204, description = "Gone"),
    (status = 403, description = "Somebody else's"),
    (status = 404, description = "No such room or message"),
))]
async fn remove(
    author: MessageEditor<Caller>,
    State(app): State<App>,
) -> Result<StatusCode, EditError> {
    delete(&app, &author).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a deletion of one's own back, within 15 seconds
#[utoipa::path(post, operation_id = "restore_message", path = "/api/v1/rooms/{room_id}/messages/{message_id}/restore", tag = "messages",
    params(("room_id" = i64, Path), ("message_id" = i64, Path)), responses(
    (status = 200, body = Message),
    (status = 404, description = "No such room, or not deleted by the caller"),
    (status = 409, description = "Too late, or sent again meanwhile"),
))]
async fn bring_back(
    member: RoomMember,
    PathId(id): PathId<MessageId>,
    State(app): State<App>,
) -> Result<Response, EditError> {
    Ok(answer(&*restore(&app, &member, id).await?))
}

/// The JSON that the others get, too.
fn answer(stored: &StoredMessage) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], stored.json().clone()).into_response()
}

/// A text as the editor loads it.
#[derive(Serialize, ToSchema)]
struct Source {
    /// The editor's HTML.
    body: String,
}

/// A message's text for the editor: its author or an administrator
#[utoipa::path(get, operation_id = "show_message_source", path = "/api/v1/rooms/{room_id}/messages/{message_id}/source", tag = "messages",
    params(("room_id" = i64, Path), ("message_id" = i64, Path)), responses(
    (status = 200, body = Source),
    (status = 403, description = "Somebody else's"),
    (status = 404, description = "No such room or message"),
))]
async fn source(author: MessageEditor, State(app): State<App>) -> Result<Json<Source>, EditError> {
    let row = app
        .db
        .read(|reader| store::find(reader, author.member.room, author.message))?
        .ok_or(EditError::NotFound)?;
    let body =
        rich_text::Body::parse(&row.html.unwrap_or_default()).editor_source(&MentionResolver(&app));
    Ok(Json(Source { body }))
}

//! Messages over HTTP: listing, reading and posting.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extractors::MessageReader;
use super::listeners::Origin;
use super::pages::{Cursor, MAX_PAGE, PAGE, PageCache, to_json};
use super::posting::{PostOutcome, post_message, prepare_message};
use super::{Draft, Message, MessageError, rendering};
use crate::core::app::App;
use crate::core::ids::MessageId;
use crate::http::conditional::Prepared;
use crate::http::json::JsonBody;
use crate::http::path::PathId;
use crate::identity::sessions::extractors::Caller;
use crate::rooms::extractors::RoomMember;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(page, post))
        .routes(routes!(show))
        .routes(routes!(show_anywhere))
}

/// Which messages to list. At most one cursor is allowed.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PageQuery {
    /// Only messages before the one with this ID.
    before: Option<i64>,
    /// Only messages after the one with this ID.
    after: Option<i64>,
    /// The message with this ID and up to a page on both sides of it.
    around: Option<i64>,
    /// Messages per page, 1 to 100.
    limit: Option<u32>,
}

impl PageQuery {
    fn cursor(&self) -> Result<Cursor, MessageError> {
        match (self.before, self.after, self.around) {
            (None, None, None) => Ok(Cursor::Latest),
            (Some(id), None, None) => Ok(Cursor::Before(MessageId(id))),
            (None, Some(id), None) => Ok(Cursor::After(MessageId(id))),
            (None, None, Some(id)) => Ok(Cursor::Around(MessageId(id))),
            _ => Err(MessageError::BadQuery("Use only one of before, after and around.".into())),
        }
    }

    fn limit(&self) -> Result<u32, MessageError> {
        match self.limit.unwrap_or(PAGE) {
            limit @ 1..=MAX_PAGE => Ok(limit),
            _ => {
                Err(MessageError::BadQuery(format!("limit must be a number from 1 to {MAX_PAGE}.")))
            }
        }
    }
}

/// List a room's messages, oldest first; without a cursor, the latest page
#[utoipa::path(get, operation_id = "list_messages", path = "/api/v1/rooms/{room_id}/messages", tag = "messages", params(("room_id" = i64, Path), PageQuery), responses(
    (status = 200, body = Vec<Message>, headers(("Link" = String, description = "The next page, as rel=\"next\", if there is one"))),
    (status = 304, description = "Not modified since the given ETag"),
    (status = 404, description = "No such room or cursor"),
    (status = 422, description = "Invalid query"),
))]
async fn page(
    member: RoomMember<Caller>,
    State(app): State<App>,
    query: Result<Query<PageQuery>, axum::extract::rejection::QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, MessageError> {
    let Query(query) = query.map_err(|_| {
        MessageError::BadQuery("before, after, around and limit must be numbers.".into())
    })?;
    let page = app.state::<PageCache>().get(&app, member.room, query.cursor()?, query.limit()?)?;
    Ok(page.respond(&headers))
}

/// Get a message
#[utoipa::path(get, operation_id = "show_message", path = "/api/v1/rooms/{room_id}/messages/{message_id}", tag = "messages",
    params(("room_id" = i64, Path), ("message_id" = i64, Path)), responses(
    (status = 200, body = Message),
    (status = 304, description = "Not modified since the given ETag"),
))]
async fn show(
    member: RoomMember<Caller>,
    PathId(id): PathId<MessageId>,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, MessageError> {
    let found = rendering::load(&app, member.room, id)?;
    Ok(Prepared::new(to_json(&found), None).respond(&headers))
}

/// Get a message by its ID alone, for links that do not name a room
#[utoipa::path(get, operation_id = "find_message", path = "/api/v1/messages/{message_id}", tag = "messages", params(("message_id" = i64, Path)), responses(
    (status = 200, body = Message),
    (status = 304, description = "Not modified since the given ETag"),
))]
async fn show_anywhere(
    reader: MessageReader<Caller>,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, MessageError> {
    let found = rendering::load(&app, reader.room, reader.message)?;
    Ok(Prepared::new(to_json(&found), None).respond(&headers))
}

/// A message to post. Send either `body`, the editor's HTML, or `text`, plain text.
#[derive(Deserialize, ToSchema)]
struct NewMessage {
    body: Option<String>,
    text: Option<String>,
    /// Your own ID for the message, 1 to 64 visible ASCII characters. Posting it again returns the
    /// first message.
    client_message_id: Option<String>,
}

/// Post a message
///
/// The response is sent after the message, its search index entry and its unread marks are on disk.
#[utoipa::path(post, operation_id = "post_message", path = "/api/v1/rooms/{room_id}/messages", tag = "messages", params(("room_id" = i64, Path)),
    request_body = NewMessage, responses(
    (status = 201, body = Message, headers(("Location" = String))),
    (status = 200, body = Message, description = "You already posted a message with this client_message_id in the room; this is that message"),
    (status = 403, description = "The other person in the direct room blocked you"),
    (status = 409, description = "Someone else used this client_message_id in the room"),
    (status = 422, description = "Empty or too long"),
))]
async fn post(
    member: RoomMember<Caller>,
    State(app): State<App>,
    JsonBody(new): JsonBody<NewMessage>,
) -> Result<Response, MessageError> {
    let draft =
        Draft::parse(new.body.as_deref(), new.text.as_deref(), new.client_message_id.as_deref())?;
    let room = member.room;
    let message = prepare_message(&app, room, member.caller.user.id, &draft)?;
    let writer = app.clone();
    let outcome = app
        .db
        .write(move |tx| post_message(&writer, tx, message, &draft.html, Origin::Posted))
        .await?;
    let (status, id, message) = match outcome {
        PostOutcome::Created(stored) => {
            (StatusCode::CREATED, stored.message.id, stored.json().clone())
        }
        PostOutcome::Duplicate(id) => {
            (StatusCode::OK, id, to_json(&rendering::load(&app, room, id)?))
        }
    };
    let location = format!("/api/v1/rooms/{}/messages/{}", room.0, id.0);
    Ok((
        status,
        [(header::CONTENT_TYPE, "application/json".to_owned()), (header::LOCATION, location)],
        message,
    )
        .into_response())
}

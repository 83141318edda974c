//! Messages over HTTP: pages of a room, one message, posting.

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

/// The routes of messages.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(page, post))
        .routes(routes!(show))
        .routes(routes!(show_anywhere))
}

/// Which part of the room; at most one of the cursors.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PageQuery {
    /// Messages before this one.
    before: Option<i64>,
    /// Messages after this one.
    after: Option<i64>,
    /// A page before and a page after this one, and it.
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

/// A page of a room's messages, oldest first; without a cursor the latest
#[utoipa::path(get, operation_id = "list_messages", path = "/api/v1/rooms/{room_id}/messages", tag = "messages", params(("room_id" = i64, Path), PageQuery), responses(
    (status = 200, body = Vec<Message>, headers(("Link" = String, description = "rel=\"next\" where there is more"))),
    (status = 304, description = "Unchanged since the entity tag sent"),
    (status = 404, description = "No such room or cursor"),
    (status = 422, description = "A query that makes no sense"),
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

/// One message
#[utoipa::path(get, operation_id = "show_message", path = "/api/v1/rooms/{room_id}/messages/{message_id}", tag = "messages",
    params(("room_id" = i64, Path), ("message_id" = i64, Path)), responses(
    (status = 200, body = Message),
    (status = 304, description = "Unchanged since the entity tag sent"),
    (status = 404, description = "No such room or message"),
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

/// One message by its number alone, for links that know no room
#[utoipa::path(get, operation_id = "find_message", path = "/api/v1/messages/{message_id}", tag = "messages", params(("message_id" = i64, Path)), responses(
    (status = 200, body = Message),
    (status = 304, description = "Unchanged since the entity tag sent"),
    (status = 404, description = "No such message, or not a member of its room"),
))]
async fn show_anywhere(
    reader: MessageReader<Caller>,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, MessageError> {
    let found = rendering::load(&app, reader.room, reader.message)?;
    Ok(Prepared::new(to_json(&found), None).respond(&headers))
}

/// What one wants to say: `body` is the editor's HTML, `text` is plain; one of them.
#[derive(Deserialize, ToSchema)]
struct NewMessage {
    body: Option<String>,
    text: Option<String>,
    /// One's own id for it; posting it again is answered with the first one. 1 to 64 visible ASCII
    /// characters.
    client_message_id: Option<String>,
}

/// Post a message
///
/// Answered after it is on disk with its text, its search entry and its unread marks.
#[utoipa::path(post, operation_id = "post_message", path = "/api/v1/rooms/{room_id}/messages", tag = "messages", params(("room_id" = i64, Path)),
    request_body = NewMessage, responses(
    (status = 201, body = Message, headers(("Location" = String))),
    (status = 200, body = Message, description = "This author already posted this client_message_id here: the first one"),
    (status = 403, description = "The other one of a direct room does not want it"),
    (status = 404, description = "No such room"),
    (status = 409, description = "Somebody else used this client_message_id here"),
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

//! Campfire's API for bots, below `/rooms/:room_id/:bot_key`: requests are text, responses are JSON.

use axum::extract::rejection::QueryRejection;
use axum::extract::{OriginalUri, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::{StatusCode, header};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extractors::{BaseUrl, BotByKey};
use super::post;
use super::text::Text;
use super::views::{self, BotBoost, BotMessage};
use crate::core::app::App;
use crate::core::ids::{BoostId, MessageId};
use crate::http::path::PathId;
use crate::http::problem::Problem;
use crate::identity::sessions::SessionError;
use crate::identity::sessions::extractors::{AuthenticatedUser, find_bot_by_key};
use crate::messages::boosts::{self, BoostError, Content};
use crate::messages::edits::extractors::MessageEditor;
use crate::messages::edits::{EditError, deletion, edit};
use crate::messages::extractors::MessageReader;
use crate::messages::pages::{Cursor, PAGE, PageCache, rows};
use crate::messages::{Draft, MessageError, markup, store as message_store};
use crate::rooms::extractors::RoomMember;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(index, create))
        .routes(routes!(update, replace, destroy))
        .routes(routes!(boost))
        .routes(routes!(unboost))
}

/// The address of a message in the bot API, for people: redirects to the message.
pub fn permalink() -> Router<App> {
    Router::new().route("/rooms/{room_id}/messages/{message_id}", get(redirect_to_message))
}

/// `before` takes precedence.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PageQuery {
    /// Return messages before this ID.
    before: Option<i64>,
    /// Return messages after this ID.
    after: Option<i64>,
}

/// List a page of 40 messages, oldest first
///
/// Without a cursor, returns the latest messages.
#[utoipa::path(get, operation_id = "bot_list_messages", path = "/rooms/{room_id}/{bot_key}/messages", tag = "bot API",
    params(("room_id" = i64, Path), ("bot_key" = String, Path), PageQuery), responses(
    (status = 200, body = Vec<BotMessage>, headers(
        ("X-Total-Count" = i64, description = "The number of messages in the room"),
        ("Link" = String, description = "rel=\"next\" if there are more messages in the direction of the cursor"))),
))]
async fn index(
    bot: RoomMember<BotByKey>,
    base_url: BaseUrl,
    OriginalUri(uri): OriginalUri,
    State(app): State<App>,
    query: Result<Query<PageQuery>, QueryRejection>,
) -> Result<Response, MessageError> {
    // An invalid id answers 404, like one that does not exist.
    let Query(query) = query.map_err(|_| MessageError::NotFound)?;
    let cursor = match (query.before, query.after) {
        (Some(id), _) => Cursor::Before(MessageId(id)),
        (None, Some(id)) => Cursor::After(MessageId(id)),
        (None, None) => Cursor::Latest,
    };
    let (found, has_more) = app.db.read(|reader| rows(reader, bot.room, cursor, PAGE))?;
    let total = app.state::<PageCache>().count(&app, bot.room).await?;
    let next = match cursor {
        Cursor::After(_) => found.last().map(|row| format!("after={}", row.id.0)),
        _ => found.first().map(|row| format!("before={}", row.id.0)),
    };
    let messages = found
        .into_iter()
        .map(|row| views::stored(&app, &base_url, bot.room, row))
        .collect::<Result<Vec<_>, _>>()?;
    let mut response = ([("x-total-count", total.to_string())], Json(messages)).into_response();
    if let Some(next) = next.filter(|_| has_more) {
        let link = format!("<{}{}?{next}>; rel=\"next\"", base_url.0, uri.path());
        response.headers_mut().insert(header::LINK, BaseUrl::header(&link));
    }
    Ok(response)
}

/// Post a message
///
/// The body is UTF-8 text of at most 64 KiB, with any content type but that of a file. It may
/// contain simple HTML.
#[utoipa::path(post, operation_id = "bot_post_message", path = "/rooms/{room_id}/{bot_key}/messages", tag = "bot API",
    params(("room_id" = i64, Path), ("bot_key" = String, Path)), request_body(content = String, content_type = "text/plain"), responses(
    (status = 201, description = "Posted", headers(("Location" = String, description = "The URL of the message"))),
    (status = 422, description = "Blank"),
))]
async fn create(
    bot: RoomMember<BotByKey>,
    base_url: BaseUrl,
    State(app): State<App>,
    Text(text): Text,
) -> Result<Response, MessageError> {
    let id =
        post(&app, bot.room, bot.caller.user().id, Draft::parse(Some(&text), None, None)?).await?;
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, BaseUrl::header(&base_url.message(bot.room, id)))],
    )
        .into_response())
}

/// Edit one of the bot's messages
///
/// The body is text, as for a new message.
#[utoipa::path(patch, operation_id = "bot_edit_message", path = "/rooms/{room_id}/{bot_key}/messages/{message_id}", tag = "bot API",
    params(("room_id" = i64, Path), ("bot_key" = String, Path), ("message_id" = i64, Path)),
    request_body(content = String, content_type = "text/plain"), responses(
    (status = 200, body = BotMessage),
    (status = 422, description = "Blank, or the message is a file"),
))]
async fn update(
    author: MessageEditor<BotByKey>,
    base_url: BaseUrl,
    State(app): State<App>,
    Text(text): Text,
) -> Result<Response, EditError> {
    let html = markup(Some(&text), None)?;
    let edited = edit::edit(&app, &author, html.clone()).await?;
    Ok(Json(views::edited(&app, &base_url, &edited.message, &html)).into_response())
}

/// Edit one of the bot's messages (same as PATCH)
#[utoipa::path(put, operation_id = "bot_replace_message", path = "/rooms/{room_id}/{bot_key}/messages/{message_id}", tag = "bot API",
    params(("room_id" = i64, Path), ("bot_key" = String, Path), ("message_id" = i64, Path)),
    request_body(content = String, content_type = "text/plain"), responses(
    (status = 200, body = BotMessage),
    (status = 422, description = "Blank, or the message is a file"),
))]
async fn replace(
    author: MessageEditor<BotByKey>,
    base_url: BaseUrl,
    state: State<App>,
    text: Text,
) -> Result<Response, EditError> {
    update(author, base_url, state, text).await
}

/// Delete one of the bot's messages
#[utoipa::path(delete, operation_id = "bot_delete_message", path = "/rooms/{room_id}/{bot_key}/messages/{message_id}", tag = "bot API",
    params(("room_id" = i64, Path), ("bot_key" = String, Path), ("message_id" = i64, Path)), responses(
    (status = 204, description = "Deleted"),
))]
async fn destroy(
    author: MessageEditor<BotByKey>,
    State(app): State<App>,
) -> Result<StatusCode, EditError> {
    deletion::delete(&app, &author).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Boost a message
///
/// The body is a text of 1 to 16 characters.
#[utoipa::path(post, operation_id = "bot_create_boost", path = "/rooms/{room_id}/{bot_key}/messages/{message_id}/boosts", tag = "bot API",
    params(("room_id" = i64, Path), ("bot_key" = String, Path), ("message_id" = i64, Path)),
    request_body(content = String, content_type = "text/plain"), responses(
    (status = 201, body = BotBoost),
    (status = 422, description = "Blank, too long, or too many"),
))]
async fn boost(
    bot: RoomMember<BotByKey>,
    PathId(message): PathId<MessageId>,
    base_url: BaseUrl,
    State(app): State<App>,
    Text(text): Text,
) -> Result<Response, BoostError> {
    let reader = in_room(&app, bot, message)?;
    let content = Content::parse(&text).map_err(BoostError::Rejected)?;
    let boost = boosts::add(&app, &reader, content).await?;
    Ok((StatusCode::CREATED, Json(views::boost(&base_url, reader.room, &boost))).into_response())
}

/// Delete one of the bot's boosts
#[utoipa::path(delete, operation_id = "bot_delete_boost", path = "/rooms/{room_id}/{bot_key}/messages/{message_id}/boosts/{boost_id}",
    tag = "bot API",
    params(("room_id" = i64, Path), ("bot_key" = String, Path), ("message_id" = i64, Path), ("boost_id" = i64, Path)), responses(
    (status = 204, description = "Deleted"),
))]
async fn unboost(
    bot: RoomMember<BotByKey>,
    PathId(message): PathId<MessageId>,
    PathId(boost): PathId<BoostId>,
    State(app): State<App>,
) -> Result<StatusCode, BoostError> {
    boosts::remove(&app, &in_room(&app, bot, message)?, boost).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A message of the room in the path; a message of another room answers 404, even if the bot is a
/// member there.
fn in_room(
    app: &App,
    bot: RoomMember<BotByKey>,
    message: MessageId,
) -> Result<MessageReader<BotByKey>, MessageError> {
    app.db
        .read(|reader| message_store::author(reader, bot.room, message))?
        .ok_or(MessageError::NotFound)?;
    Ok(MessageReader { caller: bot.caller, room: bot.room, message })
}

async fn redirect_to_message(
    Path((room, message)): Path<(String, String)>,
) -> Result<Redirect, Problem> {
    match (room.parse::<i64>(), message.parse::<i64>()) {
        (Ok(room), Ok(message)) => Ok(Redirect::to(&format!("/rooms/{room}/@{message}"))),
        _ => Err(Problem::not_found("Page")),
    }
}

/// The error for an unknown path below `/rooms/:room_id/:bot_key`; `None` without a key in the path.
pub fn unknown_path_error(app: &App, path: &str) -> Option<SessionError> {
    let mut parts = path.strip_prefix("/rooms/")?.split('/').skip(1);
    let key = parts.next().filter(|part| part.contains('-'))?;
    parts.next()?;
    Some(match find_bot_by_key(app, key) {
        Ok(Some(_)) => SessionError::NotForBots,
        Ok(None) => SessionError::WrongKey,
        Err(error) => error,
    })
}

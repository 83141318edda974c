//! Bookmarks over HTTP.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::events::BookmarksChanged;
use super::{Bookmark, BookmarkError, MAX_BOOKMARKS, store};
use crate::core::app::App;
use crate::core::ids::{MessageId, RoomId};
use crate::http::paging;
use crate::identity::sessions::extractors::SignedIn;
use crate::messages::extractors::MessageReader;
use crate::messages::loader::MessageLoader;
use crate::messages::{MessageError, store as message_store};
use crate::rooms::memberships::store::is_member;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(ids)).routes(routes!(create, delete))
}

/// Which bookmarks to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PageQuery {
    /// Only bookmarks older than the one with this ID.
    before: Option<i64>,
    /// Bookmarks per page, 1 to 100.
    limit: Option<u32>,
}

/// List your bookmarks in rooms you belong to, newest first
#[utoipa::path(get, operation_id = "list_bookmarks", path = "/api/v1/bookmarks", tag = "bookmarks", params(PageQuery), responses(
    (status = 200, body = Vec<Bookmark>, headers(("Link" = String, description = "The next page, as rel=\"next\", if there is one"))),
    (status = 422, description = "Invalid query"),
))]
async fn list(
    caller: SignedIn,
    State(app): State<App>,
    query: Result<Query<PageQuery>, QueryRejection>,
) -> Result<Response, BookmarkError> {
    let Query(query) =
        query.map_err(|_| MessageError::BadQuery("before and limit must be numbers.".into()))?;
    let limit = paging::limit(query.limit).map_err(MessageError::BadQuery)?;
    let before = query.before.unwrap_or(i64::MAX);
    let mut rows =
        app.db.read(|reader| store::page(reader, caller.user.id, before, paging::ahead(limit)))?;
    let has_more = paging::cut(&mut rows, limit);
    let next = rows.last().filter(|_| has_more).map(|row| row.id);
    let mut messages = MessageLoader::new(&app, &caller.user);
    let mut bookmarks = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some((message, room)) = messages.load(row.room, row.message)? {
            bookmarks.push(Bookmark { id: row.id, message, room, created_at: row.created_at });
        }
    }
    Ok(paging::respond("/api/v1/bookmarks", &bookmarks, next, limit))
}

/// Which bookmarks to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct IdsQuery {
    /// Only bookmarks in this room. Defaults to all rooms you belong to.
    room_id: Option<i64>,
}

/// List the IDs of your bookmarked messages
#[utoipa::path(get, operation_id = "list_bookmarked_ids", path = "/api/v1/bookmarks/ids", tag = "bookmarks", params(IdsQuery), responses(
    (status = 200, body = Vec<MessageId>),
    (status = 422, description = "Invalid query"),
))]
async fn ids(
    caller: SignedIn,
    State(app): State<App>,
    query: Result<Query<IdsQuery>, QueryRejection>,
) -> Result<Json<Vec<MessageId>>, BookmarkError> {
    let Query(query) =
        query.map_err(|_| MessageError::BadQuery("room_id must be a number.".into()))?;
    Ok(Json(
        app.db.read(|reader| store::messages(reader, caller.user.id, query.room_id.map(RoomId)))?,
    ))
}

/// Bookmark a message; if it is already bookmarked, return the existing bookmark
#[utoipa::path(put, operation_id = "create_bookmark", path = "/api/v1/messages/{message_id}/bookmark", tag = "bookmarks", params(("message_id" = i64, Path)), responses(
    (status = 200, body = Bookmark),
    (status = 422, description = "Too many bookmarks"),
))]
async fn create(
    reader: MessageReader,
    State(app): State<App>,
) -> Result<Json<Bookmark>, BookmarkError> {
    let (room, id, user, now) =
        (reader.room, reader.message, reader.caller.user.id, app.clock.now());
    let row = app
        .db
        .write(move |tx| {
            if !is_member(tx, room, user)? || message_store::author(tx, room, id)?.is_none() {
                return Err(MessageError::NotFound.into());
            }
            if store::find(tx, user, id)?.is_none() && store::count(tx, user)? >= MAX_BOOKMARKS {
                return Err(BookmarkError::LimitReached);
            }
            if store::insert(tx, user, id, now)? {
                tx.publish(Arc::new(BookmarksChanged { user }));
            }
            store::find(tx, user, id)?.ok_or(BookmarkError::NotFound)
        })
        .await?;
    let found = MessageLoader::new(&app, &reader.caller.user).load(room, id)?;
    let (message, room) = found.ok_or(MessageError::NotFound)?;
    Ok(Json(Bookmark { id: row.id, message, room, created_at: row.created_at }))
}

/// Remove a bookmark
#[utoipa::path(delete, operation_id = "delete_bookmark", path = "/api/v1/messages/{message_id}/bookmark", tag = "bookmarks", params(("message_id" = i64, Path)), responses(
    (status = 204, description = "Not bookmarked"),
))]
async fn delete(
    reader: MessageReader,
    State(app): State<App>,
) -> Result<StatusCode, BookmarkError> {
    let (id, user) = (reader.message, reader.caller.user.id);
    app.db
        .write(move |tx| {
            if store::delete(tx, user, id)? {
                tx.publish(Arc::new(BookmarksChanged { user }));
            }
            Ok::<_, db::Error>(())
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

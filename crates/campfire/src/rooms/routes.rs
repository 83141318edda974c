//! Rooms over HTTP: the sidebar, one room, its members.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extractors::RoomMember;
use super::store;
use super::views::view;
use super::{Room, RoomError};
use crate::core::app::App;
use crate::http::conditional::Prepared;
use crate::http::problem::Problem;
use crate::identity::sessions::extractors::Caller;
use crate::identity::users::{User, Users};
use crate::rooms::memberships::presence::Presence;
use crate::rooms::memberships::store as membership_store;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show)).routes(routes!(members))
}

/// Which rooms to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Include rooms that you hid from the sidebar.
    #[serde(default)]
    invisible: bool,
}

/// List your rooms: direct rooms by latest activity, then the others by name
#[utoipa::path(get, operation_id = "list_rooms", path = "/api/v1/rooms", tag = "rooms", params(ListQuery), responses(
    (status = 200, body = Vec<Room>),
    (status = 304, description = "Not modified since the given ETag"),
    (status = 422, description = "Invalid query"),
))]
async fn list(
    caller: Caller,
    State(app): State<App>,
    query: Result<Query<ListQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Query(query) = query.map_err(|_| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invisible must be true or false.")
    })?;
    let rows = app.db.read(|reader| store::of_user(reader, caller.user.id, query.invisible))?;
    let rooms =
        rows.into_iter().map(|row| view(&app, &caller.user, row)).collect::<Result<Vec<_>, _>>()?;
    Ok(answer(&rooms, &headers))
}

/// Get a room
#[utoipa::path(get, operation_id = "show_room", path = "/api/v1/rooms/{room_id}", tag = "rooms", params(("room_id" = i64, Path)), responses(
    (status = 200, body = Room),
    (status = 304, description = "Not modified since the given ETag"),
))]
async fn show(
    member: RoomMember<Caller>,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, RoomError> {
    let user = &member.caller.user;
    let row = app
        .db
        .read(|reader| store::find(reader, member.room, user.id))?
        .ok_or(RoomError::NotFound)?;
    Ok(answer(&view(&app, user, row)?, &headers))
}

/// A member of a room.
#[derive(Serialize, ToSchema)]
struct Member {
    #[serde(flatten)]
    user: Arc<User>,
    /// Whether the member is looking at the room right now.
    connected: bool,
}

/// List the members of a room by name
#[utoipa::path(get, operation_id = "list_members", path = "/api/v1/rooms/{room_id}/members", tag = "rooms", params(("room_id" = i64, Path)), responses(
    (status = 200, body = Vec<Member>),
))]
async fn members(
    member: RoomMember,
    State(app): State<App>,
) -> Result<Json<Vec<Member>>, RoomError> {
    let ids = app.db.read(|reader| membership_store::members_by_name(reader, member.room))?;
    let present = app.state::<Presence>().present(member.room, app.clock.now());
    let mut members = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(user) = app.state::<Users>().find(&app, id)? {
            members.push(Member { user, connected: present.binary_search(&id).is_ok() });
        }
    }
    Ok(Json(members))
}

fn answer<T: Serialize>(value: &T, headers: &HeaderMap) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => Prepared::new(body.into(), None).respond(headers),
        Err(error) => axum::response::IntoResponse::into_response(Problem::unexpected(&error)),
    }
}

//! Creating, changing and leaving rooms over HTTP.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::creation::{MAX_USERS, NewRoom};
use super::extractors::{RoomManager, RoomMember};
use super::name::RoomName;
use super::update::RoomUpdate;
use super::views::view;
use super::{Room, RoomError, RoomType, creation, store, update};
use crate::core::app::App;
use crate::core::ids::{RoomId, UserId};
use crate::http::json::JsonBody;
use crate::identity::audit::Actor;
use crate::identity::sessions::extractors::SignedIn;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(create)).routes(routes!(update)).routes(routes!(leave))
}

/// A room to create.
#[derive(Deserialize, ToSchema)]
struct RoomForm {
    #[serde(rename = "type")]
    kind: RoomType,
    /// 1 to 100 characters. Direct rooms have no name.
    name: Option<String>,
    /// IDs of the other members, at most 1,000. Ignored for open rooms.
    user_ids: Option<Vec<UserId>>,
}

impl RoomForm {
    fn check(self) -> Result<NewRoom, RoomError> {
        let users = check_count(self.user_ids.unwrap_or_default())?;
        let name = |name: Option<String>| {
            RoomName::parse(name.as_deref().unwrap_or_default())
                .map_err(|problem| RoomError::rejected("name", &problem))
        };
        Ok(match self.kind {
            RoomType::Open => NewRoom::Open(name(self.name)?),
            RoomType::Closed => NewRoom::Closed(name(self.name)?, users),
            RoomType::Direct => NewRoom::Direct(users),
        })
    }
}

fn check_count(users: Vec<UserId>) -> Result<Vec<UserId>, RoomError> {
    if users.len() > MAX_USERS {
        return Err(RoomError::rejected(
            "user_ids",
            &format!("Choose at most {MAX_USERS} people."),
        ));
    }
    Ok(users)
}

/// Create a room, or get the existing direct room of exactly these people
#[utoipa::path(post, operation_id = "create_room", path = "/api/v1/rooms", tag = "rooms", request_body = RoomForm, responses(
    (status = 201, body = Room),
    (status = 200, body = Room, description = "The existing direct room of exactly these people"),
    (status = 403, description = "The account restricts room creation to administrators, or someone blocked you"),
    (status = 422, description = "No name, or an ID that belongs to no active user"),
))]
async fn create(
    caller: SignedIn,
    by: Actor,
    State(app): State<App>,
    JsonBody(form): JsonBody<RoomForm>,
) -> Result<Response, RoomError> {
    let (new, user, now) = (form.check()?, caller.user.id, app.clock.now());
    let created = app.db.write(move |tx| creation::create(tx, &by, user, new, now)).await?;
    let status = if created.existing { StatusCode::OK } else { StatusCode::CREATED };
    let room = load(&app, &caller, created.room)?.ok_or(RoomError::NotFound)?;
    Ok((status, Json(room)).into_response())
}

/// Changes of a room. Fields that are left out keep their value.
#[derive(Deserialize, ToSchema)]
struct RoomChangeForm {
    /// 1 to 100 characters.
    name: Option<String>,
    /// `open` adds everyone; `closed` keeps the members in `user_ids`, or the current ones.
    #[serde(rename = "type")]
    kind: Option<RoomType>,
    /// IDs of all members of a closed room, 1 to 1,000. Include your own to stay a member.
    user_ids: Option<Vec<UserId>>,
}

impl RoomChangeForm {
    fn check(self) -> Result<RoomUpdate, RoomError> {
        let name = self
            .name
            .map(|name| RoomName::parse(&name))
            .transpose()
            .map_err(|problem| RoomError::rejected("name", &problem))?;
        let users = self.user_ids.map(check_count).transpose()?;
        if users.as_ref().is_some_and(Vec::is_empty) {
            return Err(RoomError::rejected(
                "user_ids",
                "Keep at least one person in the room, or delete it.",
            ));
        }
        Ok(RoomUpdate { name, kind: self.kind, users })
    }
}

/// Change a room as its creator or as an administrator who is a member
#[utoipa::path(patch, operation_id = "update_room", path = "/api/v1/rooms/{room_id}", tag = "rooms", params(("room_id" = i64, Path)),
    request_body = RoomChangeForm, responses(
    (status = 200, body = Room),
    (status = 204, description = "Changed; you are no longer a member"),
    (status = 403, description = "Neither the creator nor an administrator"),
    (status = 422, description = "Invalid, or not allowed for a direct room"),
))]
async fn update(
    manager: RoomManager,
    by: Actor,
    State(app): State<App>,
    JsonBody(form): JsonBody<RoomChangeForm>,
) -> Result<Response, RoomError> {
    let RoomMember { caller, room } = manager.member;
    let (change, user, now) = (form.check()?, caller.user.id, app.clock.now());
    let writer = app.clone();
    app.db.write(move |tx| update::update(&writer, tx, &by, room, user, change, now)).await?;
    Ok(match load(&app, &caller, room)? {
        Some(room) => Json(room).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}

/// Leave a closed room, or a direct room with more than two members
#[utoipa::path(delete, operation_id = "leave_room", path = "/api/v1/rooms/{room_id}/membership", tag = "rooms", params(("room_id" = i64, Path)), responses(
    (status = 204, description = "You are no longer a member"),
    (status = 422, description = "An open room, a direct room of two, or you are the last member"),
))]
async fn leave(
    member: RoomMember,
    by: Actor,
    State(app): State<App>,
) -> Result<StatusCode, RoomError> {
    let (room, user, now) = (member.room, member.caller.user.id, app.clock.now());
    let writer = app.clone();
    app.db.write(move |tx| update::leave(&writer, tx, &by, room, user, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn load(app: &App, caller: &SignedIn, room: RoomId) -> Result<Option<Room>, RoomError> {
    let row = app.db.read(|reader| store::find(reader, room, caller.user.id))?;
    Ok(row.map(|row| view(app, &caller.user, row)).transpose()?)
}

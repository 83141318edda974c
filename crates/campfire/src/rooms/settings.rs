//! Making, changing, deleting and leaving rooms over HTTP.

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
use crate::identity::audit::By;
use crate::identity::sessions::extractors::SignedIn;

/// The routes of rooms' settings.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(create)).routes(routes!(update)).routes(routes!(leave))
}

/// A room to be made.
#[derive(Deserialize, ToSchema)]
struct RoomForm {
    #[serde(rename = "type")]
    kind: RoomType,
    /// 1 to 100 characters; direct rooms have none.
    name: Option<String>,
    /// Who is in it besides oneself, at most 1,000; of an open room it does not matter.
    user_ids: Option<Vec<UserId>>,
}

impl RoomForm {
    fn check(self) -> Result<NewRoom, RoomError> {
        let users = people(self.user_ids.unwrap_or_default())?;
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

fn people(users: Vec<UserId>) -> Result<Vec<UserId>, RoomError> {
    if users.len() > MAX_USERS {
        return Err(RoomError::rejected(
            "user_ids",
            &format!("At most {MAX_USERS} people at once."),
        ));
    }
    Ok(users)
}

/// Make a room; a direct room of exactly these people is found if there is one
#[utoipa::path(post, operation_id = "create_room", path = "/api/v1/rooms", tag = "rooms", request_body = RoomForm, responses(
    (status = 201, body = Room),
    (status = 200, body = Room, description = "The direct room of exactly these people, which was there"),
    (status = 403, description = "For administrators only, by the account's setting; or somebody does not want it"),
    (status = 422, description = "No name, or nobody has such a number"),
))]
async fn create(
    caller: SignedIn,
    by: By,
    State(app): State<App>,
    JsonBody(form): JsonBody<RoomForm>,
) -> Result<Response, RoomError> {
    let (new, user, now) = (form.check()?, caller.user.id, app.clock.now());
    let created = app.db.write(move |tx| creation::create(tx, &by, user, new, now)).await?;
    let status = if created.existing { StatusCode::OK } else { StatusCode::CREATED };
    let room = shown(&app, &caller, created.room)?.ok_or(RoomError::NotFound)?;
    Ok((status, Json(room)).into_response())
}

/// What shall be different about a room; what is left out stays.
#[derive(Deserialize, ToSchema)]
struct RoomChangeForm {
    /// 1 to 100 characters.
    name: Option<String>,
    /// `open` lets everybody in, `closed` keeps those in `user_ids`, or who is there.
    #[serde(rename = "type")]
    kind: Option<RoomType>,
    /// Who is in a closed room from now on, oneself too if one wants to stay: 1 to 1,000.
    user_ids: Option<Vec<UserId>>,
}

impl RoomChangeForm {
    fn check(self) -> Result<RoomUpdate, RoomError> {
        let name = self
            .name
            .map(|name| RoomName::parse(&name))
            .transpose()
            .map_err(|problem| RoomError::rejected("name", &problem))?;
        let users = self.user_ids.map(people).transpose()?;
        if users.as_ref().is_some_and(Vec::is_empty) {
            return Err(RoomError::rejected(
                "user_ids",
                "Keep somebody in the room, or delete it.",
            ));
        }
        Ok(RoomUpdate { name, kind: self.kind, users })
    }
}

/// Change a room: whoever made it, and administrators who are in it
#[utoipa::path(patch, operation_id = "update_room", path = "/api/v1/rooms/{room_id}", tag = "rooms", params(("room_id" = i64, Path)),
    request_body = RoomChangeForm, responses(
    (status = 200, body = Room),
    (status = 204, description = "Changed; the caller is not in it any more"),
    (status = 403, description = "Somebody else's"),
    (status = 404, description = "Not there, or not a member"),
    (status = 422, description = "Not accepted, or not for a direct room"),
))]
async fn update(
    manager: RoomManager,
    by: By,
    State(app): State<App>,
    JsonBody(form): JsonBody<RoomChangeForm>,
) -> Result<Response, RoomError> {
    let RoomMember { caller, room } = manager.member;
    let (change, user, now) = (form.check()?, caller.user.id, app.clock.now());
    let writer = app.clone();
    app.db.write(move |tx| update::update(&writer, tx, &by, room, user, change, now)).await?;
    Ok(match shown(&app, &caller, room)? {
        Some(room) => Json(room).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}

/// Leave a closed room, or a direct room of more than two
#[utoipa::path(delete, operation_id = "leave_room", path = "/api/v1/rooms/{room_id}/membership", tag = "rooms", params(("room_id" = i64, Path)), responses(
    (status = 204, description = "Not a member any more"),
    (status = 404, description = "Not there, or not a member"),
    (status = 422, description = "An open room, a direct room of two, or one is the last"),
))]
async fn leave(
    member: RoomMember,
    by: By,
    State(app): State<App>,
) -> Result<StatusCode, RoomError> {
    let (room, user, now) = (member.room, member.caller.user.id, app.clock.now());
    let writer = app.clone();
    app.db.write(move |tx| update::leave(&writer, tx, &by, room, user, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn shown(app: &App, caller: &SignedIn, room: RoomId) -> Result<Option<Room>, RoomError> {
    let row = app.db.read(|reader| store::find(reader, room, caller.user.id))?;
    Ok(row.map(|row| view(app, &caller.user, row)).transpose()?)
}

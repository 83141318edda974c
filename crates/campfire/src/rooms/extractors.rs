//! Extractors that check who may act in a room: [`RoomMember`] admits members, [`RoomManager`]
//! those who may change the room, [`RoomDeleter`] those who may delete it. Non-members get 404.

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::store::{self, Facts};
use super::{RoomError, RoomType};
use crate::core::app::App;
use crate::core::ids::RoomId;
use crate::http::path::parameter;
use crate::identity::sessions::extractors::{AuthenticatedUser, SignedIn};
use crate::identity::users::{Role, User};
use crate::rooms::memberships::Memberships;

/// A member of the room in the path, whose parameter is called `room_id`: a user, or with
/// [`Caller`] also a bot.
///
/// [`Caller`]: crate::identity::sessions::extractors::Caller
pub struct RoomMember<C = SignedIn> {
    pub caller: C,
    pub room: RoomId,
}

impl<C: AuthenticatedUser> FromRequestParts<App> for RoomMember<C> {
    type Rejection = RoomError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, RoomError> {
        let caller = C::from_request_parts(parts, app).await?;
        let room = parameter(parts, app, "room_id").await.map(RoomId).ok_or(RoomError::NotFound)?;
        if !app.state::<Memberships>().is_member(app, room, caller.user().id)? {
            return Err(RoomError::NotFound);
        }
        Ok(Self { caller, room })
    }
}

/// A member who may change the room: its creator or an administrator.
pub struct RoomManager {
    pub member: RoomMember,
}

impl FromRequestParts<App> for RoomManager {
    type Rejection = RoomError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, RoomError> {
        let member = RoomMember::<SignedIn>::from_request_parts(parts, app).await?;
        let facts =
            app.db.read(|reader| store::facts(reader, member.room))?.ok_or(RoomError::NotFound)?;
        if may_change(&facts, &member.caller.user) {
            Ok(Self { member })
        } else {
            Err(RoomError::NotAllowed)
        }
    }
}

/// A member who may delete the room: its creator or an administrator, and any member of a direct
/// room.
pub struct RoomDeleter {
    pub member: RoomMember,
}

impl FromRequestParts<App> for RoomDeleter {
    type Rejection = RoomError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, RoomError> {
        let member = RoomMember::<SignedIn>::from_request_parts(parts, app).await?;
        let facts =
            app.db.read(|reader| store::facts(reader, member.room))?.ok_or(RoomError::NotFound)?;
        let may = facts.kind == RoomType::Direct || may_change(&facts, &member.caller.user);
        if may { Ok(Self { member }) } else { Err(RoomError::NotAllowed) }
    }
}

fn may_change(facts: &Facts, user: &User) -> bool {
    facts.creator == user.id || user.role == Role::Administrator
}

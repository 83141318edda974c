//! Who may act in a room: a handler that names [`RoomMember`] is reached by members only; to all others the room is not there.

use std::collections::HashMap;

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;

use super::RoomError;
use crate::app::App;
use crate::ids::RoomId;
use crate::memberships::Memberships;
use crate::sessions::callers::SignedIn;

/// A member of the room in the path, whose parameter is called `room_id`.
pub struct RoomMember {
    /// Who calls.
    pub caller: SignedIn,
    /// The room.
    pub room: RoomId,
}

impl FromRequestParts<App> for RoomMember {
    type Rejection = RoomError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, RoomError> {
        let caller = SignedIn::from_request_parts(parts, app).await?;
        let params = Path::<HashMap<String, String>>::from_request_parts(parts, app).await.map_err(|_| RoomError::NotFound)?;
        let room = params.get("room_id").and_then(|id| id.parse().ok()).map(RoomId).ok_or(RoomError::NotFound)?;
        if !app.state::<Memberships>().is_member(app, room, caller.user.id)? {
            return Err(RoomError::NotFound);
        }
        Ok(Self { caller, room })
    }
}

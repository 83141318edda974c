//! Extractors: which message a request is about, who may read it, and who may post.

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::{MessageError, store};
use crate::core::app::App;
use crate::core::ids::{MessageId, RoomId, UserId};
use crate::http::path::{PathParameter, parameter};
use crate::identity::sessions::extractors::{AuthenticatedUser, SignedIn};
use crate::rooms::memberships::Memberships;
use crate::rooms::memberships::store::{PostPermission, post_permission};

/// A member of the room that the message in the path was posted in. Others get 404.
pub struct MessageReader<C = SignedIn> {
    pub caller: C,
    pub room: RoomId,
    pub message: MessageId,
}

impl<C: AuthenticatedUser> FromRequestParts<App> for MessageReader<C> {
    type Rejection = MessageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, MessageError> {
        let caller = C::from_request_parts(parts, app).await?;
        let message = parameter(parts, app, MessageId::NAME)
            .await
            .map(MessageId)
            .ok_or(MessageError::NotFound)?;
        let room =
            app.db.read(|reader| store::room_of(reader, message))?.ok_or(MessageError::NotFound)?;
        if !app.state::<Memberships>().is_member(app, room, caller.user().id)? {
            return Err(MessageError::NotFound);
        }
        Ok(Self { caller, room, message })
    }
}

/// Checks, inside the transaction that writes, that the user may post in the room: removed members
/// may not, nor may a user blocked by the other person in a direct room.
///
/// # Errors
/// [`MessageError::NotAMember`] and [`MessageError::Blocked`].
pub fn check_can_post(
    conn: &db::Connection,
    room: RoomId,
    user: UserId,
) -> Result<(), MessageError> {
    match post_permission(conn, room, user)? {
        PostPermission::Allowed => Ok(()),
        PostPermission::NotAMember => Err(MessageError::NotAMember),
        PostPermission::Blocked => Err(MessageError::Blocked),
    }
}

//! Which message a request is about, who may read it, and who may say something.

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::{MessageError, store};
use crate::core::app::App;
use crate::core::ids::{MessageId, RoomId, UserId};
use crate::http::path::{PathParameter, parameter};
use crate::identity::sessions::extractors::{Calls, SignedIn};
use crate::rooms::memberships::Memberships;
use crate::rooms::memberships::store::{PostPermission, post_permission};

/// A member of the room in which the message in the path was stored; to all others the message is not
/// there.
pub struct MessageReader<C = SignedIn> {
    /// Who calls.
    pub caller: C,
    /// Where it was stored.
    pub room: RoomId,
    /// The message.
    pub message: MessageId,
}

impl<C: Calls> FromRequestParts<App> for MessageReader<C> {
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

/// Refuses what somebody would say in a room, asked inside the transaction that says it: who was
/// removed a moment ago says nothing more, and who is blocked says nothing to the one who blocked
/// them, in whatever form.
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

//! Who may edit or delete a message: its author and administrators, if they are members of its
//! room.

use axum::extract::FromRequestParts;
use db::Connection;
use http::request::Parts;

use super::EditError;
use crate::core::app::App;
use crate::core::ids::{MessageId, RoomId, UserId};
use crate::http::path::{PathParameter, parameter};
use crate::identity::sessions::extractors::{AuthenticatedUser, SignedIn};
use crate::identity::users::Role;
use crate::identity::users::store::is_administrator;
use crate::messages::store;
use crate::rooms::extractors::RoomMember;

/// A caller who may edit and delete the message in the path. Non-members of the room get 404.
pub struct MessageEditor<C = SignedIn> {
    pub member: RoomMember<C>,
    pub message: MessageId,
}

impl<C: AuthenticatedUser> FromRequestParts<App> for MessageEditor<C> {
    type Rejection = EditError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, EditError> {
        let member = RoomMember::<C>::from_request_parts(parts, app).await?;
        let message = parameter(parts, app, MessageId::NAME)
            .await
            .map(MessageId)
            .ok_or(EditError::NotFound)?;
        let author = app
            .db
            .read(|reader| store::author(reader, member.room, message))?
            .ok_or(EditError::NotFound)?;
        let caller = member.caller.user();
        if author != caller.id && caller.role != Role::Administrator {
            return Err(EditError::NotAllowed);
        }
        Ok(Self { member, message })
    }
}

/// Checks again, inside the transaction, that the message exists and that the caller is its author
/// or still an administrator.
pub(super) fn check_can_edit(
    conn: &Connection,
    room: RoomId,
    message: MessageId,
    caller: UserId,
) -> Result<(), EditError> {
    let author = store::author(conn, room, message)?.ok_or(EditError::NotFound)?;
    if author != caller && !is_administrator(conn, caller)? {
        return Err(EditError::NotAllowed);
    }
    Ok(())
}

//! Publishes that a bookmarked message was deleted or restored. The bookmarks themselves are
//! deleted with the message by their foreign key.

use std::sync::Arc;

use super::events::BookmarksChanged;
use super::store;
use crate::core::app::Tx;
use crate::core::ids::{MessageId, UserId};
use crate::messages::listeners::Deletion;

/// Runs before a message is deleted.
pub fn deleted(tx: &mut Tx<'_>, id: MessageId, deletion: Deletion) -> Result<(), db::Error> {
    if deletion == Deletion::Message {
        for user in store::owners_of(tx, id)? {
            tx.publish(Arc::new(BookmarksChanged { user }));
        }
    }
    Ok(())
}

/// Runs after a message is restored.
pub fn restored(tx: &mut Tx<'_>, id: MessageId, _: Option<&str>) -> Result<(), db::Error> {
    deleted(tx, id, Deletion::Message)
}

/// Runs when a user loses access to a room, which hides their bookmarks in it.
pub fn access_lost(tx: &mut Tx<'_>, user: UserId) {
    tx.publish(Arc::new(BookmarksChanged { user }));
}

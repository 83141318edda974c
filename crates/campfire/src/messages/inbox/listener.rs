//! Stores who is notified of a message, in the message's own transaction.

use std::sync::Arc;

use super::events::InboxChanged;
use super::recipients::{Notification, recipients};
use super::store::{self, NewNotifications};
use crate::core::app::{App, Tx};
use crate::core::ids::{MessageId, UserId};
use crate::messages::Message;
use crate::messages::listeners::{Deletion, Origin};

/// Adds a new message to the inboxes of its recipients at the end of the batch. Most messages have
/// none and cost nothing here.
///
/// # Errors
/// When the database fails, as in all of these functions.
pub fn created(_: &App, tx: &mut Tx<'_>, message: &Message, _: Origin) -> Result<(), db::Error> {
    let notifications = notifications(message);
    if !notifications.is_empty() {
        publish_changes(tx, notifications.iter().map(|notification| notification.user));
        tx.defer::<NewNotifications>((message.id, notifications, message.created_at));
    }
    Ok(())
}

/// Adds an edited message to the inboxes of new recipients and removes it from those of former
/// ones. Who was notified before is not notified again.
pub fn edited(tx: &mut Tx<'_>, before: &Message, after: &Message) -> Result<(), db::Error> {
    let old = notifications(before);
    let mut new = notifications(after);
    let removed = store::retain(tx, after.id, &new)?;
    new.retain(|notification| old.iter().all(|known| known.user != notification.user));
    store::add(tx, after.id, &new, after.updated_at)?;
    publish_changes(tx, new.iter().map(|notification| notification.user).chain(removed));
    Ok(())
}

/// Publishes to its recipients that a message leaves their inboxes. The rows are deleted with the
/// message by their foreign key.
pub fn deleted(tx: &mut Tx<'_>, id: MessageId, deletion: Deletion) -> Result<(), db::Error> {
    if deletion == Deletion::Message {
        let users = store::recipients_of(tx, id)?;
        publish_changes(tx, users);
    }
    Ok(())
}

/// Publishes to its recipients that a message is back in their inboxes.
pub fn restored(tx: &mut Tx<'_>, id: MessageId, _: Option<&str>) -> Result<(), db::Error> {
    deleted(tx, id, Deletion::Message)
}

/// Runs when a user loses access to a room, which hides its messages from their inbox.
pub fn access_lost(tx: &mut Tx<'_>, user: UserId) {
    publish_changes(tx, [user]);
}

fn notifications(message: &Message) -> Vec<Notification> {
    let replied_to = message.reply_to.map(|reply_to| reply_to.user_id);
    recipients(message.creator.id, &message.mentions, replied_to)
}

fn publish_changes(tx: &mut Tx<'_>, users: impl IntoIterator<Item = UserId>) {
    users.into_iter().for_each(|user| tx.publish(Arc::new(InboxChanged { user })));
}

//! The domains that follow the life of a message in its own transaction, so that what they store is
//! committed with it or not at all. The server lists them: they know messages, messages know none
//! of them.
//!
//! Listeners run on the writer thread for every message, so they must cost next to nothing when a
//! message does not concern them. When one fails, nothing of the change is stored.

use super::Message;
use crate::core::app::{App, Tx};
use crate::core::ids::MessageId;

/// Where a message comes from, which decides whether bots receive it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A person or a bot posted it.
    Posted,
    /// A bot answered its webhook with it. Bots do not receive it: they could answer each other
    /// forever.
    WebhookReply,
}

/// What was deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deletion {
    /// The message. Its members still see the room.
    Message,
    /// The whole room. Its members lost it in an earlier transaction or in this one.
    Room,
}

/// Runs after a message is stored.
pub type CreatedListener = fn(&App, &mut Tx<'_>, &Message, Origin) -> Result<(), db::Error>;

/// Runs after the new text is stored, with the message before and after the edit.
pub type EditedListener = fn(&mut Tx<'_>, &Message, &Message) -> Result<(), db::Error>;

/// Runs before the rows of a message are deleted.
pub type DeletedListener = fn(&mut Tx<'_>, MessageId, Deletion) -> Result<(), db::Error>;

/// Runs after the rows of a message are restored, with the text that the search index held.
pub type RestoredListener = fn(&mut Tx<'_>, MessageId, Option<&str>) -> Result<(), db::Error>;

/// All listeners, in the order in which they run.
pub struct MessageListeners {
    pub created: &'static [CreatedListener],
    pub edited: &'static [EditedListener],
    pub deleted: &'static [DeletedListener],
    pub restored: &'static [RestoredListener],
}

pub(super) fn created(
    app: &App,
    tx: &mut Tx<'_>,
    message: &Message,
    origin: Origin,
) -> Result<(), db::Error> {
    let mut listeners = app.state::<MessageListeners>().created.iter();
    listeners.try_for_each(|listener| listener(app, tx, message, origin))
}

pub(super) fn edited(
    app: &App,
    tx: &mut Tx<'_>,
    before: &Message,
    after: &Message,
) -> Result<(), db::Error> {
    let mut listeners = app.state::<MessageListeners>().edited.iter();
    listeners.try_for_each(|listener| listener(tx, before, after))
}

pub(super) fn deleted(
    app: &App,
    tx: &mut Tx<'_>,
    id: MessageId,
    deletion: Deletion,
) -> Result<(), db::Error> {
    let mut listeners = app.state::<MessageListeners>().deleted.iter();
    listeners.try_for_each(|listener| listener(tx, id, deletion))
}

pub(super) fn restored(
    app: &App,
    tx: &mut Tx<'_>,
    id: MessageId,
    indexed: Option<&str>,
) -> Result<(), db::Error> {
    let mut listeners = app.state::<MessageListeners>().restored.iter();
    listeners.try_for_each(|listener| listener(tx, id, indexed))
}

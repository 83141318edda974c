//! The domains that follow the life of a message in its own transaction, so that what they store is
//! committed with it or not at all. The server lists them: they know messages, messages know none
//! of them.
//!
//! Listeners run on the writer thread for every message, so they must cost next to nothing when a
//! message does not concern them. When one fails, nothing of the change is stored.

use super::Message;
use crate::core::app::{App, DomainState, Tx};
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

/// The listeners of every kind of change, in the order in which they run.
pub struct MessageListeners {
    /// Run after the message is stored.
    pub created: &'static [fn(&App, &mut Tx<'_>, &Message, Origin) -> Result<(), db::Error>],
    /// Run after the new text is stored, with the message before and after the edit.
    pub edited: &'static [fn(&mut Tx<'_>, &Message, &Message) -> Result<(), db::Error>],
    /// Run before the message's rows are deleted.
    pub deleted: &'static [fn(&mut Tx<'_>, MessageId, Deletion) -> Result<(), db::Error>],
    /// Run after the message's rows are restored.
    pub restored: &'static [fn(&mut Tx<'_>, &Message) -> Result<(), db::Error>],
}

impl DomainState for MessageListeners {
    fn on_external_write(&self, _: &App) {}
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

pub(super) fn restored(app: &App, tx: &mut Tx<'_>, message: &Message) -> Result<(), db::Error> {
    let mut listeners = app.state::<MessageListeners>().restored.iter();
    listeners.try_for_each(|listener| listener(tx, message))
}

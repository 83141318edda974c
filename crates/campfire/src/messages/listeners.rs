//! Who learns of a new message in its own transaction, so that what follows from it is stored with
//! it or not at all. The server names them when it is put together: they know messages, messages
//! know none of them.

use super::{Message, MessageError};
use crate::core::app::{App, DomainState, Tx};

/// Where a message comes from, which decides whether bots are told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A person or a bot said it.
    Said,
    /// It is what a bot answered to its webhook; telling bots of it could go on for ever.
    Answered,
}

/// Runs on the writer for every new message, so it costs next to nothing when the message does not
/// concern it. When it fails, the message is not stored.
pub type Listener = fn(&App, &mut Tx<'_>, &Message, Origin) -> Result<(), db::Error>;

/// All of them, in the order in which they learn of it.
pub struct Listeners(pub &'static [Listener]);

/// Tells all of them.
pub(super) fn tell(
    app: &App,
    tx: &mut Tx<'_>,
    message: &Message,
    origin: Origin,
) -> Result<(), MessageError> {
    let listeners = app.state::<Listeners>().0;
    Ok(listeners.iter().try_for_each(|listener| listener(app, tx, message, origin))?)
}

impl DomainState for Listeners {
    fn on_external_write(&self, _: &App) {}
}

//! Which bots a new message concerns: found and entered in the transaction that stores it.

use super::endpoint_cache::Receivers;
use super::log::{self, About};
use crate::core::app::{App, Tx};
use crate::messages::Message;
use crate::messages::listeners::Origin;
use crate::rooms::memberships::Memberships;

/// Tells the bots that a new message concerns: in a direct room all in it, elsewhere those that it
/// mentions, and everywhere those that hear everything; never its author, and of no answer of a
/// bot. Runs on the writer. Asks nothing of the database when no bot has a webhook.
///
/// # Errors
/// When it cannot be found out or stored; then the message is not stored either.
pub fn call(
    app: &App,
    tx: &mut Tx<'_>,
    message: &Message,
    origin: Origin,
) -> Result<(), db::Error> {
    if !app.config.bot_integrations || origin == Origin::WebhookReply {
        return Ok(());
    }
    let receivers = app.state::<Receivers>();
    let all = receivers.all(app)?;
    if all.is_empty() {
        return Ok(());
    }
    let (room, author) = (message.room_id, message.creator.id);
    let members = app.state::<Memberships>().of_room_in(tx, room)?;
    let about = About::Message { room, message: message.id };
    for (bot, receiver) in
        all.iter().filter(|(bot, _)| *bot != author && members.binary_search(bot).is_ok())
    {
        if receiver.hears_everything
            || message.mentions.contains(bot)
            || receivers.is_direct(app, room)?
        {
            log::store::begin(app, tx, *bot, about, &receiver.host, app.clock.now())?;
        }
    }
    Ok(())
}

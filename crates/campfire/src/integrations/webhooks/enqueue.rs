//! Enqueues a delivery for every bot that a new message concerns, in the transaction that stores the
//! message.

use super::endpoint_cache::EndpointCache;
use super::log::Subject;
use super::store;
use crate::core::app::{App, Tx};
use crate::messages::Message;
use crate::messages::listeners::Origin;
use crate::rooms::memberships::Memberships;

/// Enqueues a delivery to the bots of the room that the message mentions or that subscribe to all
/// messages, and in a direct room to every bot in it; never to the author, and not for a webhook
/// reply. Runs on the writer thread, and reads nothing when no bot has a webhook.
pub fn enqueue(
    app: &App,
    tx: &mut Tx<'_>,
    message: &Message,
    origin: Origin,
) -> Result<(), db::Error> {
    if !app.config.bot_integrations || origin == Origin::WebhookReply {
        return Ok(());
    }
    let (room, author) = (message.room_id, message.creator.id);
    let cache = app.state::<EndpointCache>();
    let endpoints = cache.endpoints(tx, room)?;
    if endpoints.is_empty() {
        return Ok(());
    }
    let members = app.state::<Memberships>().of_room_in(tx, room)?;
    let subject = Subject::Message { room, message: message.id };
    for endpoint in endpoints.iter() {
        let bot = endpoint.bot;
        if bot == author || members.binary_search(&bot).is_err() {
            continue;
        }
        if endpoint.subscribe_all || message.mentions.contains(&bot) || cache.is_direct(tx, room)? {
            store::insert_delivery(app, tx, bot, subject, &endpoint.host, app.clock.now())?;
        }
    }
    Ok(())
}

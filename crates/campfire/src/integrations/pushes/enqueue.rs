//! Enqueues jobs: one per message that may notify someone, in the transaction that stores it, and
//! one per device.

use serde::Serialize;

use super::subscriber_cache::SubscriberCache;
use super::{FAN_OUT, SELF_DESTINATION, Subject};
use crate::core::app::{App, Tx};
use crate::core::clock::Time;
use crate::http::problem::chain;
use crate::jobs::{self, NewJob};
use crate::messages::Message;
use crate::messages::listeners::Origin;

/// Enqueues the fan-out of a new message. Runs on the writer thread, and does nothing if the
/// message can't notify anyone.
pub fn enqueue(app: &App, tx: &mut Tx<'_>, message: &Message, _: Origin) -> Result<(), db::Error> {
    if !app.config.push_notifications {
        return Ok(());
    }
    let may_notify =
        app.state::<SubscriberCache>().may_notify(app, tx, message).unwrap_or_else(|error| {
            // The message is stored anyway. The fan-out asks the database again.
            tracing::warn!(error = %chain(&error), "failed to look up push subscribers; enqueuing the fan-out");
            true
        });
    if may_notify {
        let subject = Subject { room: message.room_id, message: message.id };
        enqueue_job(app, tx, FAN_OUT, SELF_DESTINATION, &subject, app.clock.now())?;
    }
    Ok(())
}

pub(super) fn enqueue_job(
    app: &App,
    tx: &mut Tx<'_>,
    kind: &'static str,
    destination: &str,
    payload: &impl Serialize,
    now: Time,
) -> Result<(), db::Error> {
    // A struct of ids always serializes.
    let payload = serde_json::to_string(payload).unwrap_or_default();
    let destination = destination.to_owned();
    jobs::store::enqueue(app, tx, &NewJob { kind, ordering_key: None, destination, payload }, now)?;
    Ok(())
}

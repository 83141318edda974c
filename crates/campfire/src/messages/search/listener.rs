//! Updates the indexes in the transactions that change messages.

use super::store::{self, IndexEntries};
use crate::core::app::{App, Tx};
use crate::core::ids::MessageId;
use crate::messages::Message;
use crate::messages::listeners::{Deletion, Origin};

/// Adds a new message at the end of the batch.
///
/// # Errors
/// When the database fails, as in all of these functions.
pub fn created(_: &App, tx: &mut Tx<'_>, message: &Message, _: Origin) -> Result<(), db::Error> {
    tx.defer::<IndexEntries>((message.id, message.body.plain.clone()));
    Ok(())
}

/// Replaces the text of an edited message. Not left to the end of the batch: another write of the
/// batch may delete the message.
pub fn edited(tx: &mut Tx<'_>, _: &Message, after: &Message) -> Result<(), db::Error> {
    store::reindex(tx, after.id, &after.body.plain)
}

/// Removes a message that is about to be deleted.
pub fn deleted(tx: &mut Tx<'_>, id: MessageId, _: Deletion) -> Result<(), db::Error> {
    store::unindex(tx, id)
}

/// Adds a restored message with the text that the index held before.
pub fn restored(tx: &mut Tx<'_>, id: MessageId, indexed: Option<&str>) -> Result<(), db::Error> {
    indexed.map_or(Ok(()), |text| store::index(tx, id, text))
}

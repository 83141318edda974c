//! SQL about the search index, Campfire's `message_search_index`.

use db::BatchWork;
use rusqlite::{Connection, named_params};

use crate::announce::Tx;
use crate::ids::MessageId;

/// Enters messages into the index at the end of a batch: entering them one by one would make the index write its pending terms
/// at every savepoint. They are part of the same commit, so no acknowledged message is ever missing.
pub struct IndexEntries;

impl BatchWork for IndexEntries {
    type Item = (MessageId, String);

    fn finish(conn: &Connection, items: Vec<(MessageId, String)>) -> rusqlite::Result<()> {
        // A room or an author may be removed later in the same batch, and their messages with them.
        let mut statement =
            conn.prepare_cached("INSERT INTO message_search_index (rowid, body) SELECT id, :body FROM messages WHERE id = :id")?;
        for (id, body) in items {
            statement.execute(named_params! { ":id": id.0, ":body": body })?;
        }
        Ok(())
    }
}

/// Enters a message's new words instead of its old ones.
pub fn reindex(tx: &Tx<'_>, id: MessageId, words: &str) -> Result<(), db::Error> {
    tx.prepare_cached("DELETE FROM message_search_index WHERE rowid = :id")?.execute(named_params! { ":id": id.0 })?;
    tx.prepare_cached("INSERT INTO message_search_index (rowid, body) VALUES (:id, :words)")?
        .execute(named_params! { ":id": id.0, ":words": words })?;
    Ok(())
}

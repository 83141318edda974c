//! SQL for boosts.

use rusqlite::{Connection, named_params};

use crate::core::app::Tx;
use crate::core::clock::Time;
use crate::core::ids::{BoostId, MessageId, UserId};
use crate::messages::store::{BoostRow, boosts_of};

/// The boosts of one message, oldest first.
pub fn of_message(conn: &Connection, message: MessageId) -> Result<Vec<BoostRow>, db::Error> {
    boosts_of(conn, &[message])
}

pub fn count(tx: &Tx<'_>, message: MessageId) -> Result<i64, db::Error> {
    let mut statement =
        tx.prepare_cached("SELECT count(*) FROM boosts WHERE message_id = :message")?;
    Ok(statement.query_row(named_params! { ":message": message.0 }, |row| row.get(0))?)
}

pub fn insert(
    tx: &Tx<'_>,
    message: MessageId,
    booster: UserId,
    content: &str,
    at: Time,
) -> Result<i64, db::Error> {
    tx.prepare_cached(
        "INSERT INTO boosts (message_id, booster_id, content, created_at, updated_at) VALUES (:message, :booster, :content, :at, :at)",
    )?
    .execute(named_params! { ":message": message.0, ":booster": booster.0, ":content": content, ":at": at.to_rails() })?;
    Ok(tx.last_insert_rowid())
}

/// `false` if this user has no such boost.
pub fn delete(
    tx: &Tx<'_>,
    message: MessageId,
    boost: BoostId,
    booster: UserId,
) -> Result<bool, db::Error> {
    let deleted = tx
        .prepare_cached("DELETE FROM boosts WHERE id = :boost AND message_id = :message AND booster_id = :booster")?
        .execute(named_params! { ":boost": boost.0, ":message": message.0, ":booster": booster.0 })?;
    Ok(deleted > 0)
}

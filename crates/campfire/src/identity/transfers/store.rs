//! SQL about transfer links.

use rusqlite::named_params;

use crate::core::app::Tx;
use crate::core::clock::Time;

/// Marks a link as used and deletes expired entries. `false` if it was used before.
pub fn mark_used(tx: &Tx<'_>, digest: &str, now: Time, expires: Time) -> Result<bool, db::Error> {
    tx.prepare_cached("DELETE FROM campfire_used_transfers WHERE expires_at < :now")?
        .execute(named_params! { ":now": now.to_rails() })?;
    let new = tx
        .prepare_cached("INSERT INTO campfire_used_transfers (digest, expires_at) VALUES (:digest, :expires) ON CONFLICT DO NOTHING")?
        .execute(named_params! { ":digest": digest, ":expires": expires.to_rails() })?;
    Ok(new == 1)
}

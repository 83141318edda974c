//! SQL about the account.

use db::Reader;
use rusqlite::{OptionalExtension, named_params};

use super::{Account, AccountSettings};
use crate::app::Tx;
use crate::time::Time;

/// The account; `None` before the first run.
pub fn find(reader: &Reader<'_>) -> Result<Option<Account>, db::Error> {
    let account = reader
        .prepare_cached("SELECT name, join_code, custom_styles, settings FROM accounts ORDER BY id LIMIT 1")?
        .query_row([], |row| {
            Ok(Account {
                name: row.get("name")?,
                join_code: row.get("join_code")?,
                custom_styles: row.get("custom_styles")?,
                settings: AccountSettings::from_stored(row.get::<_, Option<String>>("settings")?.as_deref()),
            })
        })
        .optional()?;
    Ok(account)
}

/// Creates the one account; `false` if there is one already.
pub fn insert(tx: &Tx<'_>, name: &str, join_code: &str, now: Time) -> Result<bool, db::Error> {
    let inserted = tx
        .prepare_cached(
            "INSERT INTO accounts (name, join_code, settings, singleton_guard, created_at, updated_at)
             SELECT :name, :join_code, :settings, 0, :now, :now WHERE NOT EXISTS (SELECT 1 FROM accounts)",
        )?
        .execute(named_params! {
            ":name": name,
            ":join_code": join_code,
            ":settings": r#"{"restrict_room_creation_to_administrators":false}"#,
            ":now": now.to_rails(),
        })?;
    Ok(inserted == 1)
}

/// Whether an invitation with this code is valid; compared exactly.
pub fn is_join_code(conn: &rusqlite::Connection, code: &str) -> Result<bool, db::Error> {
    let found = conn.prepare_cached("SELECT 1 FROM accounts WHERE join_code = :code")?.exists(named_params! { ":code": code })?;
    Ok(found)
}

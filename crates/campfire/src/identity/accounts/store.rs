//! SQL about the account.

use rusqlite::{Connection, OptionalExtension, named_params};

use super::{Account, AccountSettings};
use crate::core::app::Tx;
use crate::core::clock::Time;
use crate::identity::users::fields::Name;

/// `None` before the first run.
pub fn find(reader: &Connection) -> Result<Option<Account>, db::Error> {
    let account = reader
        .prepare_cached(
            "SELECT name, join_code, custom_styles, settings FROM accounts ORDER BY id LIMIT 1",
        )?
        .query_row([], |row| {
            Ok(Account {
                name: row.get("name")?,
                join_code: row.get("join_code")?,
                custom_styles: row.get("custom_styles")?,
                settings: AccountSettings::from_stored(
                    row.get::<_, Option<String>>("settings")?.as_deref(),
                ),
            })
        })
        .optional()?;
    Ok(account)
}

/// Creates the account; `false` if it exists already.
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

/// Whether this is the invitation code. Compares with case.
pub fn is_join_code(conn: &Connection, code: &str) -> Result<bool, db::Error> {
    let found = conn
        .prepare_cached("SELECT 1 FROM accounts WHERE join_code = :code")?
        .exists(named_params! { ":code": code })?;
    Ok(found)
}

pub fn rename(tx: &Tx<'_>, name: &Name, now: Time) -> Result<(), db::Error> {
    tx.prepare_cached("UPDATE accounts SET name = :name, updated_at = :now")?
        .execute(named_params! { ":name": name.as_str(), ":now": now.to_rails() })?;
    Ok(())
}

/// Sets who can create rooms. Keeps the other settings.
pub fn restrict_room_creation(tx: &Tx<'_>, restricted: bool, now: Time) -> Result<(), db::Error> {
    tx.prepare_cached(
        "UPDATE accounts SET updated_at = :now, settings =
           json_set(CASE WHEN json_valid(settings) THEN settings ELSE '{}' END,
                    '$.restrict_room_creation_to_administrators', json(CASE WHEN :restricted THEN 'true' ELSE 'false' END))",
    )?
    .execute(named_params! { ":restricted": restricted, ":now": now.to_rails() })?;
    Ok(())
}

/// Stores the custom CSS, an empty string as NULL.
pub fn set_styles(tx: &Tx<'_>, styles: &str, now: Time) -> Result<(), db::Error> {
    tx.prepare_cached(
        "UPDATE accounts SET custom_styles = nullif(:styles, ''), updated_at = :now",
    )?
    .execute(named_params! { ":styles": styles, ":now": now.to_rails() })?;
    Ok(())
}

pub fn set_join_code(tx: &Tx<'_>, code: &str, now: Time) -> Result<(), db::Error> {
    tx.prepare_cached("UPDATE accounts SET join_code = :code, updated_at = :now")?
        .execute(named_params! { ":code": code, ":now": now.to_rails() })?;
    Ok(())
}

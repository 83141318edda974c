//! SQL about bots.

use db::Reader;
use rusqlite::{Connection, OptionalExtension, named_params};

use crate::core::app::Tx;
use crate::core::clock::Time;
use crate::core::ids::UserId;
use crate::identity::users::fields::Name;

/// The secret half of a bot's key. Bots from Campfire may have none.
pub type Token = Option<String>;

/// The active bots and the secret halves of their keys, by name.
pub fn list(reader: &Reader<'_>) -> Result<Vec<(UserId, Token)>, db::Error> {
    let mut statement =
        reader.prepare_cached("SELECT id, nullif(bot_token, '') FROM users WHERE role = 2 AND status = 0 ORDER BY lower(name), id")?;
    let rows = statement.query_map([], |row| Ok((UserId(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The secret half of an active bot's key; the outer `None` means that there is no such bot.
pub fn token(conn: &Connection, bot: UserId) -> Result<Option<Token>, db::Error> {
    let token = conn
        .prepare_cached(
            "SELECT nullif(bot_token, '') FROM users WHERE id = :bot AND role = 2 AND status = 0",
        )?
        .query_row(named_params! { ":bot": bot.0 }, |row| row.get(0))
        .optional()?;
    Ok(token)
}

pub fn count(conn: &Connection) -> Result<i64, db::Error> {
    Ok(conn
        .prepare_cached("SELECT count(*) FROM users WHERE role = 2 AND status = 0")?
        .query_row([], |row| row.get(0))?)
}

/// Inserts a bot as Campfire does, without an email address and a password.
pub fn insert(tx: &Tx<'_>, name: &Name, token: &str, now: Time) -> Result<UserId, db::Error> {
    tx.prepare_cached(
        "INSERT INTO users (name, role, status, bot_token, created_at, updated_at) VALUES (:name, 2, 0, :token, :now, :now)",
    )?
    .execute(named_params! { ":name": name.as_str(), ":token": token, ":now": now.to_rails() })?;
    Ok(UserId(tx.last_insert_rowid()))
}

pub fn set_token(tx: &Tx<'_>, bot: UserId, token: &str, now: Time) -> Result<(), db::Error> {
    tx.prepare_cached(
        "UPDATE users SET bot_token = :token, updated_at = :now WHERE id = :bot AND role = 2",
    )?
    .execute(named_params! { ":token": token, ":now": now.to_rails(), ":bot": bot.0 })?;
    Ok(())
}

//! SQL about users.

use db::Reader;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::fields::{EmailAddress, Name};
use super::{Role, Status, User, avatar};
use crate::app::Tx;
use crate::ids::UserId;
use crate::time::Time;

/// A user as stored, before anything is derived.
pub struct UserRow {
    id: UserId,
    name: String,
    role: Role,
    status: Status,
    bio: Option<String>,
    updated_at: String,
}

impl UserRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: UserId(row.get("id")?),
            name: row.get("name")?,
            role: Role::from_stored(row.get("role")?),
            status: Status::from_stored(row.get("status")?),
            bio: row.get("bio")?,
            updated_at: row.get("updated_at")?,
        })
    }

    /// The user as shown; the picture's address is signed as Campfire signs it.
    pub fn into_user(self, secret: &rails_compat::Secret) -> User {
        let token = secret.sign_id("user", "avatar", self.id.0, None);
        let version = Time::from_rails(&self.updated_at).map(Time::version).unwrap_or_default();
        User {
            avatar_url: format!("/users/{token}/avatar?v={version}"),
            initials: avatar::initials(&self.name),
            color: avatar::color(self.id),
            id: self.id,
            name: self.name,
            role: self.role,
            status: self.status,
            bio: self.bio.filter(|bio| !bio.is_empty()),
        }
    }
}

/// One user.
pub fn find(reader: &Reader<'_>, id: UserId) -> Result<Option<UserRow>, db::Error> {
    let user = reader
        .prepare_cached("SELECT id, name, role, status, bio, updated_at FROM users WHERE id = :id")?
        .query_row(named_params! { ":id": id.0 }, UserRow::read)
        .optional()?;
    Ok(user)
}

/// The address a user signs in with.
pub fn email_address(reader: &Reader<'_>, id: UserId) -> Result<Option<String>, db::Error> {
    let address = reader
        .prepare_cached("SELECT email_address FROM users WHERE id = :id")?
        .query_row(named_params! { ":id": id.0 }, |row| row.get(0))
        .optional()?;
    Ok(address.flatten())
}

/// An active person's row and digest by address, compared without case; of several spellings the exact one wins.
pub fn credentials(reader: &Reader<'_>, email_address: &str) -> Result<Option<(UserId, String)>, db::Error> {
    let found = reader
        .prepare_cached(
            "SELECT id, password_digest FROM users
             WHERE lower(email_address) = lower(:email_address) AND status = 0 AND role <> 2 AND password_digest <> ''
             ORDER BY email_address = :email_address DESC, id LIMIT 1",
        )?
        .query_row(named_params! { ":email_address": email_address }, |row| Ok((UserId(row.get(0)?), row.get(1)?)))
        .optional()?;
    Ok(found)
}

/// Whether somebody has this address, in whatever case.
pub fn is_taken(conn: &Connection, email_address: &EmailAddress) -> Result<bool, db::Error> {
    let taken = conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM users WHERE lower(email_address) = lower(:email_address))")?
        .query_row(named_params! { ":email_address": email_address.as_str() }, |row| row.get(0))?;
    Ok(taken)
}

/// Creates a person.
pub fn insert(tx: &Tx<'_>, name: &Name, email_address: &EmailAddress, digest: &str, role: Role, now: Time) -> Result<UserId, db::Error> {
    tx.prepare_cached(
        "INSERT INTO users (name, email_address, password_digest, role, status, created_at, updated_at)
         VALUES (:name, :email_address, :digest, :role, 0, :now, :now)",
    )?
    .execute(named_params! {
        ":name": name.as_str(),
        ":email_address": email_address.as_str(),
        ":digest": digest,
        ":role": role.to_stored(),
        ":now": now.to_rails(),
    })?;
    Ok(UserId(tx.last_insert_rowid()))
}

//! SQL about users.

use db::Reader;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::fields::{Bio, EmailAddress, Name};
use super::{Role, Status, User, avatar};
use crate::core::app::Tx;
use crate::core::clock::Time;
use crate::core::ids::UserId;

/// A row of `users`, without derived fields.
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

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn role(&self) -> Role {
        self.role
    }

    pub fn status(&self) -> Status {
        self.status
    }

    /// Adds the derived fields. The avatar URL is signed as Campfire signs it.
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

pub fn find(reader: &Connection, id: UserId) -> Result<Option<UserRow>, db::Error> {
    let user = reader
        .prepare_cached("SELECT id, name, role, status, bio, updated_at FROM users WHERE id = :id")?
        .query_row(named_params! { ":id": id.0 }, UserRow::read)
        .optional()?;
    Ok(user)
}

pub fn email_address(reader: &Connection, id: UserId) -> Result<Option<String>, db::Error> {
    let address = reader
        .prepare_cached("SELECT email_address FROM users WHERE id = :id")?
        .query_row(named_params! { ":id": id.0 }, |row| row.get(0))
        .optional()?;
    Ok(address.flatten())
}

/// The id and password digest of the active person with this email address. Compares without case;
/// if several rows match, the exact spelling wins.
pub fn find_credentials(
    reader: &Reader<'_>,
    email_address: &str,
) -> Result<Option<(UserId, String)>, db::Error> {
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

/// Whether an active person still has this password digest. Checked again in the transaction that
/// signs them in.
pub fn has_password_digest(conn: &Connection, id: UserId, digest: &str) -> Result<bool, db::Error> {
    let found = conn
        .prepare_cached("SELECT 1 FROM users WHERE id = :id AND password_digest = :digest AND status = 0 AND role <> 2")?
        .exists(named_params! { ":id": id.0, ":digest": digest })?;
    Ok(found)
}

/// The secret half of an active bot's key. Looked up by id alone, so that the caller can compare
/// the secret in constant time.
pub fn bot_token(conn: &Connection, id: UserId) -> Result<Option<String>, db::Error> {
    let token = conn
        .prepare_cached("SELECT bot_token FROM users WHERE id = :id AND role = 2 AND status = 0 AND bot_token <> ''")?
        .query_row(named_params! { ":id": id.0 }, |row| row.get(0))
        .optional()?;
    Ok(token)
}

/// Whether the user is an active administrator.
pub fn is_administrator(conn: &Connection, id: UserId) -> Result<bool, db::Error> {
    let found = conn
        .prepare_cached("SELECT 1 FROM users WHERE id = :id AND role = 1 AND status = 0")?
        .exists(named_params! { ":id": id.0 })?;
    Ok(found)
}

/// Whether any user has this email address. Compares without case.
pub fn is_email_taken(conn: &Connection, email_address: &EmailAddress) -> Result<bool, db::Error> {
    let taken = conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM users WHERE lower(email_address) = lower(:email_address))")?
        .query_row(named_params! { ":email_address": email_address.as_str() }, |row| row.get(0))?;
    Ok(taken)
}

/// Whether another user has this email address. Compares without case.
pub fn is_email_taken_by_another(
    conn: &Connection,
    email_address: &EmailAddress,
    user: UserId,
) -> Result<bool, db::Error> {
    let taken = conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM users WHERE lower(email_address) = lower(:email_address) AND id <> :id)")?
        .query_row(named_params! { ":email_address": email_address.as_str(), ":id": user.0 }, |row| row.get(0))?;
    Ok(taken)
}

/// A user in the list at the command line.
pub struct UserEntry {
    pub id: UserId,
    pub name: String,
    pub email_address: Option<String>,
    pub role: Role,
    pub status: Status,
}

/// All users ever created, by id.
pub fn list(conn: &Connection) -> Result<Vec<UserEntry>, db::Error> {
    let mut statement =
        conn.prepare_cached("SELECT id, name, email_address, role, status FROM users ORDER BY id")?;
    let rows = statement.query_map([], |row| {
        Ok(UserEntry {
            id: UserId(row.get("id")?),
            name: row.get("name")?,
            email_address: row.get("email_address")?,
            role: Role::from_stored(row.get("role")?),
            status: Status::from_stored(row.get("status")?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Changes to a user. `None` leaves a field as it is.
#[derive(Default)]
pub struct Changes {
    pub name: Option<Name>,
    pub email_address: Option<EmailAddress>,
    pub bio: Option<Bio>,
    pub digest: Option<String>,
}

/// Updates a user. An empty bio is stored as NULL.
pub fn update(tx: &Connection, id: UserId, changes: &Changes, now: Time) -> Result<(), db::Error> {
    tx.prepare_cached(
        "UPDATE users SET name = coalesce(:name, name), email_address = coalesce(:email_address, email_address),
                bio = CASE WHEN :bio IS NULL THEN bio ELSE nullif(:bio, '') END,
                password_digest = coalesce(:digest, password_digest), updated_at = :now WHERE id = :id",
    )?
    .execute(named_params! {
        ":name": changes.name.as_ref().map(Name::as_str),
        ":email_address": changes.email_address.as_ref().map(EmailAddress::as_str),
        ":bio": changes.bio.as_ref().map(Bio::as_str),
        ":digest": changes.digest,
        ":now": now.to_rails(),
        ":id": id.0,
    })?;
    if changes.digest.is_some() {
        tx.prepare_cached(
            "INSERT INTO campfire_password_changes (user_id, changed_at) VALUES (:id, :now)
             ON CONFLICT (user_id) DO UPDATE SET changed_at = excluded.changed_at",
        )?
        .execute(named_params! { ":id": id.0, ":now": now.to_rails() })?;
    }
    Ok(())
}

/// When the user last changed their password on this server.
pub fn password_changed_at(conn: &Connection, id: UserId) -> Result<Option<Time>, db::Error> {
    let at: Option<String> = conn
        .prepare_cached("SELECT changed_at FROM campfire_password_changes WHERE user_id = :id")?
        .query_row(named_params! { ":id": id.0 }, |row| row.get(0))
        .optional()?;
    Ok(at.as_deref().and_then(Time::from_rails))
}

pub fn set_role(tx: &Connection, id: UserId, role: Role, now: Time) -> Result<(), db::Error> {
    tx.prepare_cached("UPDATE users SET role = :role, updated_at = :now WHERE id = :id")?.execute(
        named_params! { ":role": role.to_stored(), ":now": now.to_rails(), ":id": id.0 },
    )?;
    Ok(())
}

pub fn set_status(tx: &Connection, id: UserId, status: Status, now: Time) -> Result<(), db::Error> {
    tx.prepare_cached("UPDATE users SET status = :status, updated_at = :now WHERE id = :id")?
        .execute(
            named_params! { ":status": status.to_stored(), ":now": now.to_rails(), ":id": id.0 },
        )?;
    Ok(())
}

/// Makes a user's email address available again: as in Campfire, `local@host` becomes
/// `local-deactivated-SUFFIX@host`.
pub fn release_email_address(tx: &Connection, id: UserId, suffix: &str) -> Result<(), db::Error> {
    tx.prepare_cached(
        "UPDATE users SET email_address = substr(email_address, 1, instr(email_address, '@') - 1) || '-deactivated-' || :suffix
                || substr(email_address, instr(email_address, '@')) WHERE id = :id AND instr(email_address, '@') > 0",
    )?
    .execute(named_params! { ":suffix": suffix, ":id": id.0 })?;
    Ok(())
}

/// Counts the active administrators.
pub fn count_administrators(conn: &Connection) -> Result<i64, db::Error> {
    Ok(conn
        .prepare_cached("SELECT count(*) FROM users WHERE role = 1 AND status = 0")?
        .query_row([], |row| row.get(0))?)
}

/// The ids of the active users among `ids`, sorted.
pub fn filter_active(conn: &Connection, ids: &[UserId]) -> Result<Vec<UserId>, db::Error> {
    let list = ids.iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(",");
    let mut statement =
        conn.prepare_cached("SELECT id FROM users WHERE id IN (SELECT value FROM json_each(:ids)) AND status = 0 ORDER BY id")?;
    let rows = statement
        .query_map(named_params! { ":ids": format!("[{list}]") }, |row| Ok(UserId(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Creates a person.
pub fn insert(
    tx: &Tx<'_>,
    name: &Name,
    email_address: &EmailAddress,
    digest: &str,
    role: Role,
    now: Time,
) -> Result<UserId, db::Error> {
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

/// The name and email address of the first active administrator with a usable address. Shown to
/// people who need help.
pub fn contact(reader: &Reader<'_>) -> Result<Option<(String, String)>, db::Error> {
    let contact = reader
        .prepare_cached(
            "SELECT name, email_address FROM users
             WHERE role = 1 AND status = 0 AND email_address LIKE '_%@_%._%' AND email_address NOT LIKE '% %' ORDER BY id LIMIT 1",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(contact)
}

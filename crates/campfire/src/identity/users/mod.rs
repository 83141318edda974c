//! People and bots: roles, validated fields, generated avatars, and the user cache.

pub mod avatar;
pub mod events;
pub mod fields;
pub mod store;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::app::{App, DomainState, Tx};
use crate::core::cache::VersionedCache;
use crate::core::ids::UserId;

/// A user's role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A person.
    Member,
    /// A person who manages the account.
    Administrator,
    /// A program.
    Bot,
}

impl Role {
    /// Reads the stored value. Unknown ones get no more rights than a member.
    pub fn from_stored(number: i64) -> Self {
        match number {
            1 => Self::Administrator,
            2 => Self::Bot,
            _ => Self::Member,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Administrator => "administrator",
            Self::Bot => "bot",
        }
    }

    /// The value that Campfire stores.
    pub fn to_stored(self) -> i64 {
        match self {
            Self::Member => 0,
            Self::Administrator => 1,
            Self::Bot => 2,
        }
    }
}

/// Whether a user can sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Can sign in.
    Active,
    /// Removed from the account.
    Deactivated,
    /// Banned by an administrator.
    Banned,
}

impl Status {
    /// Reads the stored value. Unknown ones count as deactivated.
    pub fn from_stored(number: i64) -> Self {
        match number {
            0 => Self::Active,
            2 => Self::Banned,
            _ => Self::Deactivated,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Deactivated => "deactivated",
            Self::Banned => "banned",
        }
    }

    /// The value that Campfire stores.
    pub fn to_stored(self) -> i64 {
        match self {
            Self::Active => 0,
            Self::Deactivated => 1,
            Self::Banned => 2,
        }
    }
}

/// The public part of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct User {
    pub id: UserId,
    /// At most 100 characters. Names from an existing Campfire may be longer.
    pub name: String,
    pub role: Role,
    /// Whether the user can sign in.
    pub status: Status,
    pub bio: Option<String>,
    /// The avatar. Requires a session.
    pub avatar_url: String,
    /// The first letter of each word of the name.
    pub initials: String,
    /// The background color of the initials, `#RRGGBB`.
    pub color: &'static str,
}

/// A user with the fields that only they and administrators see.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Me {
    #[serde(flatten)]
    pub user: Arc<User>,
    pub email_address: Option<String>,
}

impl User {
    /// Adds the private fields.
    pub fn into_me(self: Arc<Self>, app: &App) -> Result<Me, db::Error> {
        let email_address = app.db.read(|reader| store::email_address(reader, self.id))?;
        Ok(Me { user: self, email_address })
    }
}

/// Cached users, about half a kilobyte each.
const CACHE_CAPACITY: usize = 20_000;

/// The user cache.
pub struct Users(VersionedCache<UserId, Arc<User>>);

impl Default for Users {
    fn default() -> Self {
        Self(VersionedCache::new(CACHE_CAPACITY))
    }
}

impl Users {
    /// The user with this id.
    pub fn find(&self, app: &App, id: UserId) -> Result<Option<Arc<User>>, db::Error> {
        self.0.get(id.0, &id, || {
            let row = app.db.read(|reader| store::find(reader, id))?;
            Ok(row.map(|row| Arc::new(row.into_user(&app.secret))))
        })
    }

    /// Like [`Self::find`], but reads a cache miss through the write transaction.
    pub fn find_in(
        &self,
        app: &App,
        tx: &Tx<'_>,
        id: UserId,
    ) -> Result<Option<Arc<User>>, db::Error> {
        self.0.get_in_transaction(id.0, &id, || {
            let row = store::find(tx, id)?;
            Ok(row.map(|row| Arc::new(row.into_user(&app.secret))))
        })
    }

    /// Changes whenever any user changes. Part of the key of other caches that show users.
    pub fn version(&self) -> u64 {
        self.0.version()
    }

    pub fn invalidate(&self, id: UserId) {
        self.0.invalidate(id.0);
    }

    pub fn invalidate_all(&self) {
        self.0.invalidate_all();
    }
}

impl DomainState for Users {
    fn on_external_write(&self, _: &App) {
        self.invalidate_all();
    }
}

//! People and bots: what a user is, which names and addresses are accepted, how a user is shown.

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

/// What a user may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A person.
    Member,
    /// A person who looks after the account.
    Administrator,
    /// A program.
    Bot,
}

impl Role {
    /// The stored number; unknown ones have no rights beyond a member's.
    pub fn from_stored(number: i64) -> Self {
        match number {
            1 => Self::Administrator,
            2 => Self::Bot,
            _ => Self::Member,
        }
    }

    /// The role in a word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Administrator => "administrator",
            Self::Bot => "bot",
        }
    }

    /// The number as Campfire stores it.
    pub fn to_stored(self) -> i64 {
        match self {
            Self::Member => 0,
            Self::Administrator => 1,
            Self::Bot => 2,
        }
    }
}

/// Whether a user may still come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// May sign in.
    Active,
    /// Was removed from the account.
    Deactivated,
    /// Was thrown out.
    Banned,
}

impl Status {
    /// The stored number; an unknown one lets nobody in.
    pub fn from_stored(number: i64) -> Self {
        match number {
            0 => Self::Active,
            2 => Self::Banned,
            _ => Self::Deactivated,
        }
    }

    /// The status in a word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Deactivated => "deactivated",
            Self::Banned => "banned",
        }
    }

    /// The number as Campfire stores it.
    pub fn to_stored(self) -> i64 {
        match self {
            Self::Active => 0,
            Self::Deactivated => 1,
            Self::Banned => 2,
        }
    }
}

/// A user as everybody may see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct User {
    /// The row in `users`.
    pub id: UserId,
    /// The name, at most 100 characters for names given here.
    pub name: String,
    /// What the user may do.
    pub role: Role,
    /// Whether the user may still come in.
    pub status: Status,
    /// A few words about the user.
    pub bio: Option<String>,
    /// The picture; needs to be signed in.
    pub avatar_url: String,
    /// The first letter of each word of the name.
    pub initials: String,
    /// The colour behind the initials, `#RRGGBB`.
    pub color: &'static str,
}

/// Oneself: the user with what only they and administrators see.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Me {
    /// The public part.
    #[serde(flatten)]
    pub user: Arc<User>,
    /// The sign-in address.
    pub email_address: Option<String>,
}

impl User {
    /// The user as they see themselves.
    ///
    /// # Errors
    /// When the database does not answer.
    pub fn into_me(self: Arc<Self>, app: &App) -> Result<Me, db::Error> {
        let email_address = app.db.read(|reader| store::email_address(reader, self.id))?;
        Ok(Me { user: self, email_address })
    }
}

/// How many users are remembered, about half a kilobyte each.
const CACHE_CAPACITY: usize = 20_000;

/// Users that were read, remembered for the messages they wrote.
pub struct Users(VersionedCache<UserId, Arc<User>>);

impl Default for Users {
    fn default() -> Self {
        Self(VersionedCache::new(CACHE_CAPACITY))
    }
}

impl Users {
    /// The user, from memory or the database.
    ///
    /// # Errors
    /// When the database does not answer.
    pub fn find(&self, app: &App, id: UserId) -> Result<Option<Arc<User>>, db::Error> {
        self.0.get(id.0, &id, || {
            let row = app.db.read(|reader| store::find(reader, id))?;
            Ok(row.map(|row| Arc::new(row.into_user(&app.secret))))
        })
    }

    /// The user of this id, read inside a write transaction.
    ///
    /// # Errors
    /// When the database fails.
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

    /// Differs after every change of anybody: what shows people is outdated with it.
    pub fn version(&self) -> u64 {
        self.0.version()
    }

    /// A user changed.
    pub fn invalidate(&self, id: UserId) {
        self.0.invalidate(id.0);
    }

    /// The users changed in a way that memory does not know.
    pub fn invalidate_all(&self) {
        self.0.invalidate_all();
    }
}

impl DomainState for Users {
    fn on_external_write(&self, _: &App) {
        self.invalidate_all();
    }
}

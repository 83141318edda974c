//! The audit log: who did what to users, rooms and the account. Entries are written in the
//! transaction of the change.

pub mod extractors;
pub mod routes;
pub mod store;

use crate::core::app::Tx;
use crate::core::clock::Time;
use crate::core::ids::{RoomId, UserId};

/// Older entries are deleted. About 20 MB, which lasts most installations for years.
const MAX_ENTRIES: i64 = 100_000;

/// Who made a change, and from where.
#[derive(Clone, Debug)]
pub struct Actor {
    /// `None` for the operator at the command line.
    pub user: Option<UserId>,
    pub ip_address: Option<String>,
}

/// What was changed.
#[derive(Clone, Debug)]
pub struct Subject {
    kind: &'static str,
    id: i64,
    name: String,
}

impl Subject {
    pub fn user(id: UserId, name: &str) -> Self {
        Self { kind: "user", id: id.0, name: name.to_owned() }
    }

    pub fn room(id: RoomId, name: &str) -> Self {
        Self { kind: "room", id: id.0, name: name.to_owned() }
    }
}

/// Adds an entry. `detail` is a short text for people.
pub fn record(
    tx: &Tx<'_>,
    by: &Actor,
    action: &str,
    subject: Option<&Subject>,
    detail: &str,
    now: Time,
) -> Result<(), db::Error> {
    store::insert(tx, by, action, subject, detail, now)?;
    store::prune(tx, MAX_ENTRIES)
}

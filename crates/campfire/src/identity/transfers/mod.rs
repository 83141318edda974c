//! Transfer links: signed links that sign in another device. Valid for four hours and, unlike in
//! Campfire, only once.

pub mod qr;
pub mod routes;
pub mod store;

use http::StatusCode;

use crate::core::app::{App, Tx};
use crate::core::clock::Time;
use crate::core::ids::UserId;
use crate::http::problem::{Problem, respond_as_problem};
use crate::identity::password_resets::digest;
use crate::identity::sessions::{self, Device, SessionError};
use crate::identity::users::{Role, Status, store as user_store};

/// Seconds, as in Campfire.
pub const LIFETIME: i64 = 4 * 60 * 60;

#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// Wrong, used, expired, or older than the last password change.
    #[error("This link is no longer valid. Create a new one on a device where you're signed in.")]
    Invalid,
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl From<TransferError> for Problem {
    fn from(error: TransferError) -> Self {
        let text = error.to_string();
        match error {
            TransferError::Invalid => Self::new(StatusCode::BAD_REQUEST, text),
            TransferError::Session(error) => error.into(),
            TransferError::Database(error) => error.into(),
        }
    }
}

respond_as_problem!(TransferError);

/// Creates the id of a link, signed as Campfire signs it: links work in both programs.
pub fn issue(app: &App, user: UserId, expires: Time) -> String {
    app.secret.sign_id("user", "transfer", user.0, Some(expires.timestamp()))
}

/// The user and the expiry in a valid link id.
pub fn read(app: &App, id: &str, now: Time) -> Option<(UserId, Time)> {
    let (user, expires) = app.secret.verify_expiring_id("user", "transfer", id, now.timestamp())?;
    Some((UserId(user), Time::from(expires)))
}

/// Signs a device in and marks the link as used.
pub fn redeem(
    app: &App,
    tx: &Tx<'_>,
    id: &str,
    token: &str,
    device: &Device,
) -> Result<UserId, TransferError> {
    let now = app.clock.now();
    let (user, expires) = read(app, id, now).ok_or(TransferError::Invalid)?;
    let row = user_store::find(tx, user)?
        .filter(|row| row.status() == Status::Active && row.role() != Role::Bot);
    // A password change revokes the links created before it.
    let outdated = user_store::password_changed_at(tx, user)?
        .is_some_and(|changed| changed >= expires.plus_seconds(-LIFETIME));
    if row.is_none() || outdated || !store::mark_used(tx, &digest(id), now, expires)? {
        return Err(TransferError::Invalid);
    }
    sessions::store::insert(tx, user, token, device, now)?;
    Ok(user)
}

//! What administrators do with people: roles, deactivation, bans.

pub mod routes;

use std::sync::Arc;

use http::StatusCode;

use crate::core::app::{App, Tx};
use crate::core::clock::Time;
use crate::core::ids::UserId;
use crate::http::problem::{Problem, respond_as_problem};
use crate::identity::audit::{self, By, Subject};
use crate::identity::bans;
use crate::identity::bans::events::BansChanged;
use crate::identity::password_resets;
use crate::identity::sessions::events::PersonShutOut;
use crate::identity::sessions::extractors::still_administrator;
use crate::identity::sessions::{self, SessionError};
use crate::identity::users::events::UserChanged;
use crate::identity::users::store::{self as user_store, UserRow};
use crate::identity::users::{Role, Status};
use crate::integrations::webhooks::events::WebhooksChanged;
use crate::messages::purge::{self, events::PurgeChanged};
use crate::rooms::events::RoomChanged;
use crate::rooms::memberships;

/// Why a person could not be administered.
#[derive(Debug, thiserror::Error)]
pub enum AdministrationError {
    /// Nobody active has this number.
    #[error("User not found or inaccessible.")]
    NotFound,
    /// Bots have no other role.
    #[error("A bot has no other role.")]
    Bot,
    /// Bots are removed instead.
    #[error("A bot cannot be banned. Remove it instead.")]
    BotBan,
    /// Somebody must look after the account.
    #[error("This is the last administrator. Make somebody else an administrator first.")]
    LastAdministrator,
    /// Nobody throws themselves out.
    #[error("You cannot ban yourself.")]
    Oneself,
    /// Banning is for who is active, unbanning for who is banned.
    #[error("{0}")]
    WrongStatus(&'static str),
    /// Who calls.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The database.
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl From<AdministrationError> for Problem {
    fn from(error: AdministrationError) -> Self {
        let text = error.to_string();
        match error {
            AdministrationError::NotFound => Self::new(StatusCode::NOT_FOUND, text),
            AdministrationError::Bot | AdministrationError::BotBan => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, text)
            }
            AdministrationError::LastAdministrator
            | AdministrationError::Oneself
            | AdministrationError::WrongStatus(_) => Self::new(StatusCode::CONFLICT, text),
            AdministrationError::Session(error) => error.into(),
            AdministrationError::Database(error) => error.into(),
        }
    }
}

respond_as_problem!(AdministrationError);

fn find(tx: &Tx<'_>, user: UserId, status: Status) -> Result<UserRow, AdministrationError> {
    user_store::find(tx, user)?
        .filter(|row| row.status() == status)
        .ok_or(AdministrationError::NotFound)
}

fn not_the_last(tx: &Tx<'_>, row: &UserRow) -> Result<(), AdministrationError> {
    if row.role() == Role::Administrator && user_store::administrators(tx)? == 1 {
        return Err(AdministrationError::LastAdministrator);
    }
    Ok(())
}

/// Gives a person another role.
///
/// # Errors
/// See [`AdministrationError`].
pub fn change_role(
    tx: &mut Tx<'_>,
    by: &By,
    user: UserId,
    role: Role,
    now: Time,
) -> Result<(), AdministrationError> {
    still_administrator(tx, by.actor)?;
    let row = find(tx, user, Status::Active)?;
    if row.role() == Role::Bot || role == Role::Bot {
        return Err(AdministrationError::Bot);
    }
    if row.role() == role {
        return Ok(());
    }
    not_the_last(tx, &row)?;
    user_store::set_role(tx, user, role, now)?;
    let detail = if role == Role::Administrator {
        "member → administrator"
    } else {
        "administrator → member"
    };
    audit::record(
        tx,
        by,
        "user.role_changed",
        Some(&Subject::user(user, row.name())),
        detail,
        now,
    )?;
    tx.publish(Arc::new(UserChanged { user }));
    Ok(())
}

/// Removes a person or bot from the account, as Campfire does: out of all rooms but the direct
/// ones, signed out, the address free for somebody else. What they said stays.
///
/// # Errors
/// See [`AdministrationError`].
pub fn deactivate(
    tx: &mut Tx<'_>,
    by: &By,
    user: UserId,
    now: Time,
) -> Result<(), AdministrationError> {
    still_administrator(tx, by.actor)?;
    let row = find(tx, user, Status::Active)?;
    not_the_last(tx, &row)?;
    let left = memberships::store::revoke_shared_rooms(tx, user)?;
    sessions::store::delete_others(tx, user, None)?;
    sessions::store::delete_belongings(tx, user)?;
    password_resets::store::withdraw(tx, user)?;
    user_store::set_status(tx, user, Status::Deactivated, now)?;
    user_store::free_address(tx, user, &uuid::Uuid::new_v4().to_string())?;
    let is_bot = row.role() == Role::Bot;
    audit::record(
        tx,
        by,
        if is_bot { "bot.deleted" } else { "user.deactivated" },
        Some(&Subject::user(user, row.name())),
        "",
        now,
    )?;
    if is_bot {
        tx.publish(Arc::new(WebhooksChanged));
    }
    tx.publish(Arc::new(PersonShutOut { user }));
    tx.publish(Arc::new(UserChanged { user }));
    left.into_iter()
        .for_each(|room| tx.publish(Arc::new(RoomChanged { room, except: Arc::default() })));
    Ok(())
}

/// Throws a person out: signed out, their public addresses barred from writing, everything they
/// said removed little by little.
///
/// # Errors
/// See [`AdministrationError`].
pub fn ban(tx: &mut Tx<'_>, by: &By, user: UserId, now: Time) -> Result<(), AdministrationError> {
    still_administrator(tx, by.actor)?;
    let row = user_store::find(tx, user)?.ok_or(AdministrationError::NotFound)?;
    match (row.role(), row.status()) {
        (Role::Bot, _) => return Err(AdministrationError::BotBan),
        (_, Status::Banned) => {
            return Err(AdministrationError::WrongStatus("This person is banned already."));
        }
        (_, Status::Deactivated) => return Err(AdministrationError::NotFound),
        (_, Status::Active) if by.actor == Some(user) => return Err(AdministrationError::Oneself),
        (_, Status::Active) => not_the_last(tx, &row)?,
    }
    let recorded = bans::record(tx, user, now)?;
    sessions::store::delete_others(tx, user, None)?;
    sessions::store::delete_belongings(tx, user)?;
    password_resets::store::withdraw(tx, user)?;
    user_store::set_status(tx, user, Status::Banned, now)?;
    purge::store::queue_author_purge(tx, user, now)?;
    audit::record(
        tx,
        by,
        "user.banned",
        Some(&Subject::user(user, row.name())),
        &format!("{recorded} addresses barred"),
        now,
    )?;
    tx.publish(Arc::new(PersonShutOut { user }));
    tx.publish(Arc::new(UserChanged { user }));
    tx.publish(Arc::new(BansChanged));
    tx.publish(Arc::new(PurgeChanged));
    Ok(())
}

/// Lets a banned person in again. What was removed does not come back.
///
/// # Errors
/// See [`AdministrationError`].
pub fn unban(tx: &mut Tx<'_>, by: &By, user: UserId, now: Time) -> Result<(), AdministrationError> {
    still_administrator(tx, by.actor)?;
    let row = user_store::find(tx, user)?.ok_or(AdministrationError::NotFound)?;
    if row.status() != Status::Banned {
        return Err(AdministrationError::WrongStatus("This person is not banned."));
    }
    bans::store::delete(tx, user)?;
    purge::store::cancel_author_purge(tx, user)?;
    user_store::set_status(tx, user, Status::Active, now)?;
    audit::record(tx, by, "user.unbanned", Some(&Subject::user(user, row.name())), "", now)?;
    tx.publish(Arc::new(UserChanged { user }));
    tx.publish(Arc::new(BansChanged));
    tx.publish(Arc::new(PurgeChanged));
    // Open rooms that were made meanwhile are theirs too.
    let rooms = memberships::store::grant_open_rooms(tx, user, now)?;
    rooms
        .into_iter()
        .for_each(|room| tx.publish(Arc::new(RoomChanged { room, except: Arc::default() })));
    Ok(())
}

/// Runs one of the above on the writer.
async fn administer(
    app: &App,
    work: impl FnOnce(&mut Tx<'_>, Time) -> Result<(), AdministrationError> + Send + 'static,
) -> Result<(), AdministrationError> {
    let now = app.clock.now();
    app.db.write(move |tx| work(tx, now)).await
}

//! What administrators do with people: roles, deactivation, bans.

pub mod routes;

use std::sync::Arc;

use http::StatusCode;

use crate::core::app::{App, Tx};
use crate::core::clock::Time;
use crate::core::ids::UserId;
use crate::http::problem::{Problem, respond_as_problem};
use crate::identity::audit::{self, Actor, Subject};
use crate::identity::bans;
use crate::identity::bans::events::BansChanged;
use crate::identity::password_resets;
use crate::identity::sessions::events::UserAccessRevoked;
use crate::identity::sessions::extractors::require_administrator;
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
pub enum AdminError {
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
    OwnAccount,
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

impl From<AdminError> for Problem {
    fn from(error: AdminError) -> Self {
        let text = error.to_string();
        match error {
            AdminError::NotFound => Self::new(StatusCode::NOT_FOUND, text),
            AdminError::Bot | AdminError::BotBan => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, text)
            }
            AdminError::LastAdministrator | AdminError::OwnAccount | AdminError::WrongStatus(_) => {
                Self::new(StatusCode::CONFLICT, text)
            }
            AdminError::Session(error) => error.into(),
            AdminError::Database(error) => error.into(),
        }
    }
}

respond_as_problem!(AdminError);

fn find(tx: &Tx<'_>, user: UserId, status: Status) -> Result<UserRow, AdminError> {
    user_store::find(tx, user)?.filter(|row| row.status() == status).ok_or(AdminError::NotFound)
}

fn require_another_administrator(tx: &Tx<'_>, row: &UserRow) -> Result<(), AdminError> {
    if row.role() == Role::Administrator && user_store::count_administrators(tx)? == 1 {
        return Err(AdminError::LastAdministrator);
    }
    Ok(())
}

/// Gives a person another role.
///
/// # Errors
/// See [`AdminError`].
pub fn set_role(
    tx: &mut Tx<'_>,
    by: &Actor,
    user: UserId,
    role: Role,
    now: Time,
) -> Result<(), AdminError> {
    require_administrator(tx, by.user)?;
    let row = find(tx, user, Status::Active)?;
    if row.role() == Role::Bot || role == Role::Bot {
        return Err(AdminError::Bot);
    }
    if row.role() == role {
        return Ok(());
    }
    require_another_administrator(tx, &row)?;
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
/// See [`AdminError`].
pub fn deactivate(tx: &mut Tx<'_>, by: &Actor, user: UserId, now: Time) -> Result<(), AdminError> {
    require_administrator(tx, by.user)?;
    let row = find(tx, user, Status::Active)?;
    require_another_administrator(tx, &row)?;
    let left = memberships::store::revoke_shared_rooms(tx, user)?;
    sessions::store::delete_others(tx, user, None)?;
    sessions::store::delete_push_subscriptions_and_searches(tx, user)?;
    password_resets::store::delete(tx, user)?;
    user_store::set_status(tx, user, Status::Deactivated, now)?;
    user_store::release_email_address(tx, user, &uuid::Uuid::new_v4().to_string())?;
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
    tx.publish(Arc::new(UserAccessRevoked { user }));
    tx.publish(Arc::new(UserChanged { user }));
    left.into_iter()
        .for_each(|room| tx.publish(Arc::new(RoomChanged { room, except: Arc::default() })));
    Ok(())
}

/// Throws a person out: signed out, their public addresses barred from writing, everything they
/// said removed little by little.
///
/// # Errors
/// See [`AdminError`].
pub fn ban(tx: &mut Tx<'_>, by: &Actor, user: UserId, now: Time) -> Result<(), AdminError> {
    require_administrator(tx, by.user)?;
    let row = user_store::find(tx, user)?.ok_or(AdminError::NotFound)?;
    match (row.role(), row.status()) {
        (Role::Bot, _) => return Err(AdminError::BotBan),
        (_, Status::Banned) => {
            return Err(AdminError::WrongStatus("This person is banned already."));
        }
        (_, Status::Deactivated) => return Err(AdminError::NotFound),
        (_, Status::Active) if by.user == Some(user) => return Err(AdminError::OwnAccount),
        (_, Status::Active) => require_another_administrator(tx, &row)?,
    }
    let recorded = bans::record(tx, user, now)?;
    sessions::store::delete_others(tx, user, None)?;
    sessions::store::delete_push_subscriptions_and_searches(tx, user)?;
    password_resets::store::delete(tx, user)?;
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
    tx.publish(Arc::new(UserAccessRevoked { user }));
    tx.publish(Arc::new(UserChanged { user }));
    tx.publish(Arc::new(BansChanged));
    tx.publish(Arc::new(PurgeChanged));
    Ok(())
}

/// Lets a banned person in again. What was removed does not come back.
///
/// # Errors
/// See [`AdminError`].
pub fn unban(tx: &mut Tx<'_>, by: &Actor, user: UserId, now: Time) -> Result<(), AdminError> {
    require_administrator(tx, by.user)?;
    let row = user_store::find(tx, user)?.ok_or(AdminError::NotFound)?;
    if row.status() != Status::Banned {
        return Err(AdminError::WrongStatus("This person is not banned."));
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
async fn write(
    app: &App,
    work: impl FnOnce(&mut Tx<'_>, Time) -> Result<(), AdminError> + Send + 'static,
) -> Result<(), AdminError> {
    let now = app.clock.now();
    app.db.write(move |tx| work(tx, now)).await
}

//! User administration: roles, deactivation, bans.

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

#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    #[error("User not found or inaccessible.")]
    NotFound,
    #[error("A bot's role can't be changed.")]
    Bot,
    #[error("Bots can't be banned. Remove the bot instead.")]
    BotBan,
    #[error("This is the last administrator. Make someone else an administrator first.")]
    LastAdministrator,
    #[error("You can't ban yourself.")]
    OwnAccount,
    #[error("This user is already banned.")]
    AlreadyBanned,
    #[error("This user isn't banned.")]
    NotBanned,
    #[error(transparent)]
    Session(#[from] SessionError),
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
            AdminError::LastAdministrator
            | AdminError::OwnAccount
            | AdminError::AlreadyBanned
            | AdminError::NotBanned => Self::new(StatusCode::CONFLICT, text),
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

/// Deactivates a person or bot as Campfire does: removes them from all rooms except direct ones,
/// ends their sessions, and makes their email address available again. Keeps their messages.
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

/// Bans a person: ends their sessions, bans their public IP addresses, and queues their messages for
/// purging.
pub fn ban(tx: &mut Tx<'_>, by: &Actor, user: UserId, now: Time) -> Result<(), AdminError> {
    require_administrator(tx, by.user)?;
    let row = user_store::find(tx, user)?.ok_or(AdminError::NotFound)?;
    match (row.role(), row.status()) {
        (Role::Bot, _) => return Err(AdminError::BotBan),
        (_, Status::Banned) => return Err(AdminError::AlreadyBanned),
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
        &format!("{recorded} addresses banned"),
        now,
    )?;
    tx.publish(Arc::new(UserAccessRevoked { user }));
    tx.publish(Arc::new(UserChanged { user }));
    tx.publish(Arc::new(BansChanged));
    tx.publish(Arc::new(PurgeChanged));
    Ok(())
}

/// Lifts a ban. Purged messages stay deleted.
pub fn unban(tx: &mut Tx<'_>, by: &Actor, user: UserId, now: Time) -> Result<(), AdminError> {
    require_administrator(tx, by.user)?;
    let row = user_store::find(tx, user)?.ok_or(AdminError::NotFound)?;
    if row.status() != Status::Banned {
        return Err(AdminError::NotBanned);
    }
    bans::store::delete(tx, user)?;
    purge::store::cancel_author_purge(tx, user)?;
    user_store::set_status(tx, user, Status::Active, now)?;
    audit::record(tx, by, "user.unbanned", Some(&Subject::user(user, row.name())), "", now)?;
    tx.publish(Arc::new(UserChanged { user }));
    tx.publish(Arc::new(BansChanged));
    tx.publish(Arc::new(PurgeChanged));
    // Includes open rooms created during the ban.
    let rooms = memberships::store::grant_open_rooms(tx, user, now)?;
    rooms
        .into_iter()
        .for_each(|room| tx.publish(Arc::new(RoomChanged { room, except: Arc::default() })));
    Ok(())
}

async fn write(
    app: &App,
    work: impl FnOnce(&mut Tx<'_>, Time) -> Result<(), AdminError> + Send + 'static,
) -> Result<(), AdminError> {
    let now = app.clock.now();
    app.db.write(move |tx| work(tx, now)).await
}

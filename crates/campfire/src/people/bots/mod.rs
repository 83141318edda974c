//! Bot administration: administrators create bots, change their webhooks, reset their keys and
//! remove them. What bots themselves can do is in `integrations::bots`.

pub mod extractors;
pub mod routes;
pub mod store;

use std::sync::Arc;

use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::admin::{self, AdminError};
use crate::core::app::{App, Tx};
use crate::core::clock::Time;
use crate::core::ids::UserId;
use crate::http::problem::{Errors, Problem, respond_as_problem};
use crate::identity::audit::{self, Actor, Subject};
use crate::identity::sessions::SessionError;
use crate::identity::sessions::extractors::require_administrator;
use crate::identity::users::events::UserChanged;
use crate::identity::users::fields::Name;
use crate::identity::users::store::{self as user_store, Changes};
use crate::identity::users::{Role, Status, User, Users};
use crate::integrations::webhooks::{self, LastDelivery};
use crate::rooms::events::RoomChanged;
use crate::rooms::memberships;

/// Active bots per account: more than a company has, few enough for a list without pages.
const MAX_BOTS: i64 = 500;

/// A bot as administrators see it.
#[derive(Serialize, ToSchema)]
pub struct Bot {
    /// The user that everyone sees.
    #[serde(flatten)]
    user: Arc<User>,
    /// `ID-TOKEN`, the bot's credential. Null for a bot from Campfire that never had one; nothing
    /// can act as it until its key is reset.
    #[schema(required)]
    key: Option<String>,
    /// Where messages that concern the bot are sent.
    #[schema(required)]
    webhook_url: Option<String>,
    /// The secret that webhook requests are signed with.
    #[schema(required)]
    webhook_secret: Option<String>,
    /// Whether the webhook receives every message in the bot's rooms.
    subscribe_all: bool,
    /// The latest webhook delivery.
    #[schema(required)]
    last_delivery: Option<LastDelivery>,
}

/// Why a bot could not be created, changed or removed.
#[derive(Debug, thiserror::Error)]
pub enum BotError {
    #[error("Bot not found or inaccessible.")]
    NotFound,
    #[error("Some fields are invalid.")]
    Rejected(Errors),
    #[error("You've reached the limit of {MAX_BOTS} bots. Remove one you no longer need.")]
    LimitReached,
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error(transparent)]
    Administration(#[from] AdminError),
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl From<BotError> for Problem {
    fn from(error: BotError) -> Self {
        let text = error.to_string();
        match error {
            BotError::NotFound => Self::new(StatusCode::NOT_FOUND, text),
            BotError::Rejected(errors) => Self::rejected(errors),
            BotError::LimitReached => Self::new(StatusCode::CONFLICT, text),
            BotError::Session(error) => error.into(),
            BotError::Administration(error) => error.into(),
            BotError::Database(error) => error.into(),
        }
    }
}

respond_as_problem!(BotError);

/// A new bot with valid fields.
pub struct NewBot {
    pub name: Name,
    pub webhook: webhooks::Change,
}

/// Valid changes to a bot; `None` leaves the name as it is.
pub struct BotChange {
    pub name: Option<Name>,
    pub webhook: webhooks::Change,
}

/// Creates a bot and, as for people, adds it to all open rooms.
pub fn create(tx: &mut Tx<'_>, by: &Actor, new: &NewBot, now: Time) -> Result<UserId, BotError> {
    require_administrator(tx, by.user)?;
    if store::count(tx)? >= MAX_BOTS {
        return Err(BotError::LimitReached);
    }
    let bot =
        store::insert(tx, &new.name, &rails_compat::tokens::bot_token(&mut rand::rng()), now)?;
    let rooms = memberships::store::grant_open_rooms(tx, bot, now)?;
    webhooks::store::set(tx, bot, &new.webhook, now)?;
    audit::record(tx, by, "bot.created", Some(&Subject::user(bot, new.name.as_str())), "", now)?;
    tx.publish(Arc::new(UserChanged { user: bot }));
    rooms
        .into_iter()
        .for_each(|room| tx.publish(Arc::new(RoomChanged { room, except: Arc::default() })));
    Ok(bot)
}

/// Changes a bot's name or webhook.
pub fn change(
    tx: &mut Tx<'_>,
    by: &Actor,
    bot: UserId,
    change: &BotChange,
    now: Time,
) -> Result<(), BotError> {
    require_administrator(tx, by.user)?;
    let known = active(tx, bot)?;
    let mut detail = Vec::new();
    if let Some(name) = change.name.as_ref().filter(|name| name.as_str() != known) {
        user_store::update(
            tx,
            bot,
            &Changes { name: Some(name.clone()), ..Changes::default() },
            now,
        )?;
        tx.publish(Arc::new(UserChanged { user: bot }));
        detail.push(format!("{known} → {}", name.as_str()));
    }
    // The URL may contain a secret, so the audit log does not record it.
    let before = webhooks::store::settings(tx, bot)?;
    let after = webhooks::store::set(tx, bot, &change.webhook, now)?;
    match (&before.url, &after.url) {
        (before, after) if before == after => {}
        (None, Some(_)) => detail.push("webhook added".into()),
        (_, Some(_)) => detail.push("webhook changed".into()),
        (_, None) => detail.push("webhook removed".into()),
    }
    if before.subscribe_all != after.subscribe_all {
        let scope = if after.subscribe_all { "every message" } else { "only its messages" };
        detail.push(format!("webhook receives {scope}"));
    }
    if !detail.is_empty() {
        let subject = Subject::user(bot, &known);
        audit::record(tx, by, "bot.changed", Some(&subject), &detail.join(", "), now)?;
    }
    Ok(())
}

/// Deactivates a bot, like a person: its key stops working, its messages stay.
pub fn remove(tx: &mut Tx<'_>, by: &Actor, bot: UserId, now: Time) -> Result<(), BotError> {
    require_administrator(tx, by.user)?;
    active(tx, bot)?;
    Ok(admin::deactivate(tx, by, bot, now)?)
}

/// Replaces a bot's key; the old one stops working with the commit.
pub fn reset_key(tx: &mut Tx<'_>, by: &Actor, bot: UserId, now: Time) -> Result<(), BotError> {
    require_administrator(tx, by.user)?;
    let name = active(tx, bot)?;
    store::set_token(tx, bot, &rails_compat::tokens::bot_token(&mut rand::rng()), now)?;
    audit::record(tx, by, "bot.key_reset", Some(&Subject::user(bot, &name)), "", now)?;
    // `updated_at` changed, and the avatar URL contains it.
    tx.publish(Arc::new(UserChanged { user: bot }));
    Ok(())
}

/// Replaces the secret that a bot's webhook requests are signed with.
pub fn reset_secret(tx: &mut Tx<'_>, by: &Actor, bot: UserId, now: Time) -> Result<(), BotError> {
    require_administrator(tx, by.user)?;
    let name = active(tx, bot)?;
    let change = webhooks::Change { new_secret: true, ..webhooks::Change::default() };
    webhooks::store::set(tx, bot, &change, now)?;
    audit::record(tx, by, "bot.secret_reset", Some(&Subject::user(bot, &name)), "", now)?;
    Ok(())
}

/// The name of an active bot.
fn active(tx: &Tx<'_>, bot: UserId) -> Result<String, BotError> {
    let row = user_store::find(tx, bot)?
        .filter(|row| row.role() == Role::Bot && row.status() == Status::Active);
    Ok(row.ok_or(BotError::NotFound)?.name().to_owned())
}

/// The active bots, by name.
pub fn list(app: &App) -> Result<Vec<Bot>, db::Error> {
    let keys = app.db.read(store::list)?;
    let bots = keys.into_iter().map(|(id, token)| view(app, id, token.as_deref()));
    Ok(bots.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// An active bot.
pub fn find(app: &App, bot: UserId) -> Result<Bot, BotError> {
    let token = app.db.read(|reader| store::token(reader, bot))?.ok_or(BotError::NotFound)?;
    view(app, bot, token.as_deref())?.ok_or(BotError::NotFound)
}

fn view(app: &App, id: UserId, token: Option<&str>) -> Result<Option<Bot>, db::Error> {
    let Some(user) = app.state::<Users>().find(app, id)? else { return Ok(None) };
    let (settings, last_delivery) = app.db.read(|reader| {
        Ok::<_, db::Error>((
            webhooks::store::settings(reader, id)?,
            webhooks::store::last_delivery(reader, id)?,
        ))
    })?;
    Ok(Some(Bot {
        user,
        key: token.map(|token| format!("{}-{token}", id.0)),
        webhook_url: settings.url,
        webhook_secret: settings.secret,
        subscribe_all: settings.subscribe_all,
        last_delivery,
    }))
}

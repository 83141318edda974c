//! Bots: programs that talk. Administrators make them and give them a key; with it they read and
//! write in the rooms they are in, by Campfire's own addresses for bots, by a hook for what other
//! services send, and by `/api/v1` with the key as a bearer token.

pub mod extractors;
pub mod hook;
pub mod routes;
pub mod store;
pub mod surface;
pub mod text;
pub mod views;

use std::sync::Arc;

use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::core::app::{App, Tx};
use crate::core::clock::Time;
use crate::core::ids::{MessageId, RoomId, UserId};
use crate::http::problem::{Errors, Problem, respond_as_problem};
use crate::identity::audit::{self, By, Subject};
use crate::identity::sessions::SessionError;
use crate::identity::sessions::extractors::still_administrator;
use crate::identity::users::events::UserChanged;
use crate::identity::users::fields::Name;
use crate::identity::users::store::{self as user_store, Changes};
use crate::identity::users::{People, Role, Status, User};
use crate::integrations::webhooks::{self, LastDelivery};
use crate::messages::listeners::Origin;
use crate::messages::posting::{self, Outcome};
use crate::messages::{Draft, MessageError};
use crate::people::admin::{self, AdministrationError};
use crate::rooms::events::RoomChanged;
use crate::rooms::memberships;

/// Bots at a time: more than a company has, few enough for a list in one piece.
const MAX_BOTS: i64 = 500;

/// A bot as administrators see it.
#[derive(Serialize, ToSchema)]
pub struct Bot {
    /// What everybody sees.
    #[serde(flatten)]
    user: Arc<User>,
    /// `NUMBER-TOKEN`: whoever has it speaks as this bot. Null for a bot of Campfire's that never
    /// got one: nothing speaks as it yet.
    #[schema(required)]
    key: Option<String>,
    /// Where it is told of messages that concern it.
    #[schema(required)]
    webhook_url: Option<String>,
    /// What those calls are signed with.
    #[schema(required)]
    webhook_secret: Option<String>,
    /// Whether it is told of every message of its rooms.
    subscribe_all: bool,
    /// What became of the last call.
    #[schema(required)]
    last_delivery: Option<LastDelivery>,
}

/// Why a bot could not be looked after.
#[derive(Debug, thiserror::Error)]
pub enum BotError {
    /// No active bot has this number.
    #[error("Bot not found or inaccessible.")]
    NotFound,
    /// Something that was typed is not accepted.
    #[error("Something is not accepted.")]
    Rejected(Errors),
    /// Too many already.
    #[error("There are {MAX_BOTS} bots; that is enough. Remove one that is not used any more.")]
    Enough,
    /// Who calls.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// Administration, of which this is a part.
    #[error(transparent)]
    Administration(#[from] AdministrationError),
    /// The database.
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl From<BotError> for Problem {
    fn from(error: BotError) -> Self {
        let text = error.to_string();
        match error {
            BotError::NotFound => Self::new(StatusCode::NOT_FOUND, text),
            BotError::Rejected(errors) => Self::rejected(errors),
            BotError::Enough => Self::new(StatusCode::CONFLICT, text),
            BotError::Session(error) => error.into(),
            BotError::Administration(error) => error.into(),
            BotError::Database(error) => error.into(),
        }
    }
}

respond_as_problem!(BotError);

/// What a new bot is, checked.
pub struct NewBot {
    /// What it is called.
    pub name: Name,
    /// Its webhook.
    pub webhook: webhooks::Change,
}

/// What shall be different about a bot, checked; what is left out stays.
pub struct BotChange {
    /// What it is called.
    pub name: Option<Name>,
    /// Its webhook.
    pub webhook: webhooks::Change,
}

/// Makes a bot. It is in all open rooms at once, as people are.
///
/// # Errors
/// See [`BotError`].
pub fn create(tx: &mut Tx<'_>, by: &By, new: &NewBot, now: Time) -> Result<UserId, BotError> {
    still_administrator(tx, by.actor)?;
    if store::count(tx)? >= MAX_BOTS {
        return Err(BotError::Enough);
    }
    let bot =
        store::insert(tx, &new.name, &rails_compat::tokens::bot_token(&mut rand::rng()), now)?;
    let rooms = memberships::store::grant_open_rooms(tx, bot, now)?;
    webhooks::store::set(tx, bot, &new.webhook, now)?;
    audit::record(tx, by, "bot.created", Some(&Subject::user(bot, new.name.as_str())), "", now)?;
    tx.announce(Arc::new(UserChanged { user: bot }));
    rooms
        .into_iter()
        .for_each(|room| tx.announce(Arc::new(RoomChanged { room, but: Arc::default() })));
    Ok(bot)
}

/// Changes a bot's name or webhook.
///
/// # Errors
/// See [`BotError`].
pub fn change(
    tx: &mut Tx<'_>,
    by: &By,
    bot: UserId,
    change: &BotChange,
    now: Time,
) -> Result<(), BotError> {
    still_administrator(tx, by.actor)?;
    let known = active(tx, bot)?;
    let mut detail = Vec::new();
    if let Some(name) = change.name.as_ref().filter(|name| name.as_str() != known) {
        user_store::update(
            tx,
            bot,
            &Changes { name: Some(name.clone()), ..Changes::default() },
            now,
        )?;
        tx.announce(Arc::new(UserChanged { user: bot }));
        detail.push(format!("{known} → {}", name.as_str()));
    }
    // The address itself may hold a secret of whom it belongs to, so the audit does not repeat it.
    let before = webhooks::store::settings(tx, bot)?;
    let after = webhooks::store::set(tx, bot, &change.webhook, now)?;
    match (&before.url, &after.url) {
        (before, after) if before == after => {}
        (None, Some(_)) => detail.push("webhook set".into()),
        (_, Some(_)) => detail.push("webhook changed".into()),
        (_, None) => detail.push("webhook removed".into()),
    }
    if before.subscribe_all != after.subscribe_all {
        detail.push(
            if after.subscribe_all { "hears every message" } else { "hears what concerns it" }
                .into(),
        );
    }
    if !detail.is_empty() {
        audit::record(
            tx,
            by,
            "bot.changed",
            Some(&Subject::user(bot, &known)),
            &detail.join(", "),
            now,
        )?;
    }
    Ok(())
}

/// Removes a bot from the account, as people are: its key opens nothing any more, what it said
/// stays.
///
/// # Errors
/// See [`BotError`].
pub fn remove(tx: &mut Tx<'_>, by: &By, bot: UserId, now: Time) -> Result<(), BotError> {
    still_administrator(tx, by.actor)?;
    active(tx, bot)?;
    Ok(admin::deactivate(tx, by, bot, now)?)
}

/// Gives a bot a new key; the old one is worth nothing from then on.
///
/// # Errors
/// See [`BotError`].
pub fn reset_key(tx: &mut Tx<'_>, by: &By, bot: UserId, now: Time) -> Result<(), BotError> {
    still_administrator(tx, by.actor)?;
    let name = active(tx, bot)?;
    store::set_token(tx, bot, &rails_compat::tokens::bot_token(&mut rand::rng()), now)?;
    audit::record(tx, by, "bot.key_reset", Some(&Subject::user(bot, &name)), "", now)?;
    // The moment of the last change names the version of the picture.
    tx.announce(Arc::new(UserChanged { user: bot }));
    Ok(())
}

/// Gives a bot a new secret for its webhook.
///
/// # Errors
/// See [`BotError`].
pub fn reset_secret(tx: &mut Tx<'_>, by: &By, bot: UserId, now: Time) -> Result<(), BotError> {
    still_administrator(tx, by.actor)?;
    let name = active(tx, bot)?;
    webhooks::store::set(
        tx,
        bot,
        &webhooks::Change { new_secret: true, ..webhooks::Change::default() },
        now,
    )?;
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
///
/// # Errors
/// When the database does not answer.
pub fn all(app: &App) -> Result<Vec<Bot>, db::Error> {
    let keys = app.db.read(store::all)?;
    let bots = keys.into_iter().map(|(id, token)| view(app, id, token.as_deref()));
    Ok(bots.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// One active bot.
///
/// # Errors
/// [`BotError::NotFound`].
pub fn find(app: &App, bot: UserId) -> Result<Bot, BotError> {
    let token = app.db.read(|reader| store::token(reader, bot))?.ok_or(BotError::NotFound)?;
    view(app, bot, token.as_deref())?.ok_or(BotError::NotFound)
}

fn view(app: &App, id: UserId, token: Option<&str>) -> Result<Option<Bot>, db::Error> {
    let Some(user) = app.state::<People>().find(app, id)? else { return Ok(None) };
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

/// Says something as a bot, with all that follows when a person does.
///
/// # Errors
/// See [`MessageError`].
pub async fn say(
    app: &App,
    room: RoomId,
    bot: UserId,
    draft: Draft,
) -> Result<MessageId, MessageError> {
    let message = posting::preview(app, room, bot, &draft)?;
    let writer = app.clone();
    let outcome = app
        .db
        .write(move |tx| posting::receive(&writer, tx, message, &draft.html, Origin::Said))
        .await?;
    Ok(match outcome {
        Outcome::Stored(said) => said.message.id,
        Outcome::Known(id) => id,
    })
}

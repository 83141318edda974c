//! Builds a webhook request when it is sent, from what is stored then, and finds out whether the
//! delivery is still wanted.

use super::log::{Delivery, Subject, host_of};
use super::payload::{Body, Creator, Message, Payload, Room, without_bot_name};
use super::store::BotRow;
use super::{Change, Settings, store};
use crate::core::app::App;
use crate::core::ids::{MessageId, RoomId, UserId};
use crate::http::outbound;
use crate::identity::users::Users;
use crate::messages::rendering;
use crate::rooms::RoomType;
use crate::rooms::memberships;
use crate::{messages, rooms};

/// A request to send.
pub struct WebhookRequest {
    pub url: String,
    /// The host, for the log.
    pub host: String,
    /// What the body is signed with.
    pub secret: String,
    pub body: Vec<u8>,
}

/// Why a delivery will never be sent.
pub struct Undeliverable {
    pub reason: &'static str,
    /// The host, for the log.
    pub host: String,
}

/// Builds the request. A database error is temporary, [`Undeliverable`] is final.
pub async fn build(
    app: &App,
    delivery: &Delivery,
) -> Result<Result<WebhookRequest, Undeliverable>, db::Error> {
    let bot = delivery.bot;
    let (row, mut settings) = app.db.read(|reader| {
        Ok::<_, db::Error>((store::bot(reader, bot)?, store::settings(reader, bot)?))
    })?;
    let host = host_of(&settings);
    let undeliverable = |reason| Ok(Err(Undeliverable { reason, host: host.clone() }));
    if !app.config.bot_integrations {
        return undeliverable("bots are turned off");
    }
    let Some(row) = row else { return undeliverable("the bot was removed") };
    let Some(url) = settings.url.clone() else {
        return undeliverable("the bot has no webhook any more");
    };
    if settings.secret.is_none() {
        // A webhook from Campfire has no secret yet.
        let now = app.clock.now();
        settings = app.db.write(move |tx| store::set(tx, bot, &Change::default(), now)).await?;
    }
    let Settings { secret: Some(secret), .. } = settings else {
        return undeliverable("the bot has no webhook any more");
    };
    let body = match delivery.subject {
        Some(Subject::Message { room, message }) => message_body(app, bot, &row, room, message)?,
        Some(Subject::Test(tester)) => test_body(app, bot, &row, tester)?,
        None => Err("the entry in the log is damaged"),
    };
    match body {
        Ok(body) => Ok(Ok(WebhookRequest { url: without_credentials(&url), host, secret, body })),
        Err(reason) => undeliverable(reason),
    }
}

/// The URL without a user and password, which Campfire stores but does not send.
fn without_credentials(url: &str) -> String {
    let Ok(mut parsed) = outbound::parse(url.trim()) else { return url.to_owned() };
    if parsed.set_username("").is_err() || parsed.set_password(None).is_err() {
        return url.to_owned();
    }
    parsed.into()
}

/// Where the bot can post a reply later.
fn reply_path(room: RoomId, bot: UserId, row: &BotRow) -> String {
    format!("/rooms/{}/{}-{}/messages", room.0, bot.0, row.token)
}

fn message_body(
    app: &App,
    bot: UserId,
    row: &BotRow,
    room: RoomId,
    id: MessageId,
) -> Result<Result<Vec<u8>, &'static str>, db::Error> {
    let (facts, stored, is_member) = app.db.read(|reader| {
        let stored = messages::store::find(reader, room, id)?;
        Ok::<_, db::Error>((
            rooms::store::facts(reader, room)?,
            stored,
            memberships::store::is_member(reader, room, bot)?,
        ))
    })?;
    let (Some(facts), Some(stored)) = (facts, stored) else {
        return Ok(Err("the message was deleted"));
    };
    if !is_member {
        return Ok(Err("the bot is not in the room any more"));
    }
    let html = stored.html.clone().filter(|html| stored.filename.is_none() || !html.is_empty());
    let message = rendering::message(app, room, stored, Vec::new())?;
    let payload = Payload {
        user: Creator { id: message.creator.id, name: &message.creator.name },
        room: Room {
            id: room,
            name: facts.name.as_deref().filter(|_| facts.kind != RoomType::Direct),
            path: reply_path(room, bot, row),
        },
        message: Message {
            id,
            body: Body {
                html: html.as_deref(),
                plain: without_bot_name(&row.name, &message.body.plain),
            },
            path: message.url.clone(),
        },
    };
    Ok(payload.to_json().map_err(|_| "the payload cannot be serialized"))
}

/// The payload of a message by the administrator who tests the webhook. Room and message have the id
/// 0, which real ones never have.
fn test_body(
    app: &App,
    bot: UserId,
    row: &BotRow,
    tester: UserId,
) -> Result<Result<Vec<u8>, &'static str>, db::Error> {
    let tester = app.state::<Users>().find(app, tester)?;
    let room = RoomId(0);
    let payload = Payload {
        user: Creator {
            id: tester.as_ref().map_or(UserId(0), |user| user.id),
            name: tester.as_ref().map_or("", |user| &user.name),
        },
        room: Room { id: room, name: Some("Test"), path: reply_path(room, bot, row) },
        message: Message {
            id: MessageId(0),
            body: Body {
                html: Some("<div>This is a test.</div>"),
                plain: "This is a test.".into(),
            },
            path: "/rooms/0/@0".into(),
        },
    };
    Ok(payload.to_json().map_err(|_| "the payload cannot be serialized"))
}

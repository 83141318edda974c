//! What is sent, written when it is sent: whether there is still somebody to send it to, the body,
//! the address.

use super::log::{About, Delivery, host_of};
use super::payload::{Author, Body, Payload, Place, Words, addressed_to};
use super::store::BotRow;
use super::{Change, Settings, store};
use crate::core::app::App;
use crate::core::ids::{MessageId, RoomId, UserId};
use crate::http::outbound;
use crate::identity::users::Users;
use crate::messages::rendering;
use crate::rooms::RoomType;
use crate::rooms::memberships::store::is_member;
use crate::{messages, rooms};

/// A body with its address.
pub struct Letter {
    /// Where it goes.
    pub url: String,
    /// What the log calls that.
    pub host: String,
    /// What it is signed with.
    pub secret: String,
    /// The bytes.
    pub body: Vec<u8>,
}

/// Nothing is sent any more.
pub struct Unsent {
    /// Why, for people.
    pub reason: &'static str,
    /// What the log calls where it would have gone.
    pub host: String,
}

/// Writes it. The outer error is the database's and passes, the inner one is for good.
pub async fn write(app: &App, delivery: &Delivery) -> Result<Result<Letter, Unsent>, db::Error> {
    let bot = delivery.bot;
    let (row, mut settings) = app.db.read(|reader| {
        Ok::<_, db::Error>((store::bot(reader, bot)?, store::settings(reader, bot)?))
    })?;
    let host = host_of(&settings);
    let unsent = |reason| Ok(Err(Unsent { reason, host: host.clone() }));
    if !app.config.bot_integrations {
        return unsent("bots are switched off");
    }
    let Some(row) = row else { return unsent("the bot was removed") };
    let Some(url) = settings.url.clone() else { return unsent("the bot has no webhook any more") };
    if settings.secret.is_none() {
        // A webhook that Campfire stored.
        let now = app.clock.now();
        settings = app.db.write(move |tx| store::set(tx, bot, &Change::default(), now)).await?;
    }
    let Settings { secret: Some(secret), .. } = settings else {
        return unsent("the bot has no webhook any more");
    };
    let body = match delivery.about {
        Some(About::Message { room, message }) => of_message(app, bot, &row, room, message)?,
        Some(About::Test(tester)) => of_test(app, bot, &row, tester)?,
        None => Err("the log's entry is damaged"),
    };
    match body {
        Ok(body) => Ok(Ok(Letter { url: bare(&url), host, secret, body })),
        Err(reason) => unsent(reason),
    }
}

/// The address without the user and password that Campfire stores and does not use.
fn bare(url: &str) -> String {
    let Ok(mut parsed) = outbound::parse(url.trim()) else { return url.to_owned() };
    if parsed.set_username("").is_err() || parsed.set_password(None).is_err() {
        return url.to_owned();
    }
    parsed.into()
}

fn answering_path(room: RoomId, bot: UserId, row: &BotRow) -> String {
    format!("/rooms/{}/{}-{}/messages", room.0, bot.0, row.token)
}

fn of_message(
    app: &App,
    bot: UserId,
    row: &BotRow,
    room: RoomId,
    id: MessageId,
) -> Result<Result<Vec<u8>, &'static str>, db::Error> {
    let (facts, stored, belongs) = app.db.read(|reader| {
        let stored = messages::store::find(reader, room, id)?;
        Ok::<_, db::Error>((
            rooms::store::facts(reader, room)?,
            stored,
            is_member(reader, room, bot)?,
        ))
    })?;
    let (Some(facts), Some(stored)) = (facts, stored) else {
        return Ok(Err("the message was deleted"));
    };
    if !belongs {
        return Ok(Err("the bot is not in the room any more"));
    }
    let html = stored.html.clone().filter(|html| stored.filename.is_none() || !html.is_empty());
    let message = rendering::message(app, room, stored, Vec::new())?;
    let payload = Payload {
        user: Author { id: message.creator.id, name: &message.creator.name },
        room: Place {
            id: room,
            name: facts.name.as_deref().filter(|_| facts.kind != RoomType::Direct),
            path: answering_path(room, bot, row),
        },
        message: Words {
            id,
            body: Body {
                html: html.as_deref(),
                plain: addressed_to(&row.name, &message.body.plain),
            },
            path: message.url.clone(),
        },
    };
    Ok(payload.to_json().map_err(|_| "it cannot be written"))
}

/// The shape of a message that nobody said: room and message have the number 0, which no real ones
/// have.
fn of_test(
    app: &App,
    bot: UserId,
    row: &BotRow,
    tester: UserId,
) -> Result<Result<Vec<u8>, &'static str>, db::Error> {
    let tester = app.state::<Users>().find(app, tester)?;
    let room = RoomId(0);
    let payload = Payload {
        user: Author {
            id: tester.as_ref().map_or(UserId(0), |user| user.id),
            name: tester.as_ref().map_or("", |user| &user.name),
        },
        room: Place { id: room, name: Some("Test"), path: answering_path(room, bot, row) },
        message: Words {
            id: MessageId(0),
            body: Body {
                html: Some("<div>This is a test.</div>"),
                plain: "This is a test.".into(),
            },
            path: "/rooms/0/@0".into(),
        },
    };
    Ok(payload.to_json().map_err(|_| "it cannot be written"))
}

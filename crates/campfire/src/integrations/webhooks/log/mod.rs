//! The log of deliveries: what a bot was told of, each attempt at it, and how it ended.

pub mod store;

use std::time::Duration;

use super::{DeliveryId, Settings, State};
use crate::core::app::App;
use crate::core::clock::Time;
use crate::core::ids::{MessageId, RoomId, UserId};
use crate::http::outbound;
use crate::http::problem::chain;

/// Deliveries of one bot that may wait; more are entered as failed. A receiver that is dead must
/// not fill the outbox for all others.
pub const MAX_WAITING: i64 = 5_000;

/// Deliveries kept for each bot, of those that are over.
pub const KEPT: i64 = 1_000;
/// Days for which they are kept.
pub const KEPT_DAYS: i64 = 30;

/// Time to look for what is to be forgotten.
const LOOK_TIME: Duration = Duration::from_secs(10);

/// What a delivery is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A message.
    Message {
        /// Where it was said.
        room: RoomId,
        /// Which one.
        message: MessageId,
    },
    /// Nothing: this administrator wants to see whether it works.
    Test(UserId),
}

/// A delivery, for who makes it.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// The row in `campfire_webhook_deliveries`.
    pub id: DeliveryId,
    /// Whose it is.
    pub bot: UserId,
    /// The same at every attempt; receivers recognise repeats by it.
    pub webhook_id: String,
    /// What it is about; `None` if the row is damaged.
    pub about: Option<About>,
}

/// An attempt that ended.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// When it began.
    pub at: Time,
    /// What was answered.
    pub status: Option<u16>,
    /// How it ended, for people.
    pub outcome: String,
    /// How long it took.
    pub duration_ms: u64,
}

/// What became of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ReplyState {
    /// The bot said it.
    Posted,
    /// It was not posted; the attempt says why.
    Ignored,
}

impl ReplyState {
    fn from_stored(word: &str) -> Self {
        if word == "posted" { Self::Posted } else { Self::Ignored }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Posted => "posted",
            Self::Ignored => "ignored",
        }
    }
}

/// A delivery, for who reads the log.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The delivery.
    pub id: DeliveryId,
    /// The id that the receiver saw.
    pub webhook_id: String,
    /// The message it is about.
    pub message: Option<MessageId>,
    /// Where that was said.
    pub room: Option<RoomId>,
    /// Whom it went to.
    pub url_host: String,
    /// How far it is.
    pub state: State,
    /// What became of the answer.
    pub reply: Option<ReplyState>,
    /// When it was entered.
    pub created_at: Time,
}

/// Whom a webhook's calls go to: what the outbox counts them by, and what the log shows. The path
/// may be a secret and stays out. Empty if it cannot be called.
pub fn host(url: &str) -> String {
    outbound::destination(url.trim()).unwrap_or_default()
}

/// The same of a bot's webhook.
pub fn host_of(settings: &Settings) -> String {
    settings.url.as_deref().map(host).unwrap_or_default()
}

/// The lane of a bot's deliveries: one after the other, in the order of the messages.
pub fn lane(bot: UserId) -> String {
    format!("webhook:{}", bot.0)
}

/// Forgets what is over and too old or too many, some at a time: between two parts everybody else
/// has their turn at the writer. It is looked for beside the writer, which learns of it only if
/// there is something.
pub async fn forget_old(app: &App) {
    let now = app.clock.now();
    loop {
        match forget_some(app, now).await {
            Ok(store::FORGOTTEN_AT_ONCE..) => {}
            Ok(_) => return,
            Err(error) => {
                tracing::warn!(error = %chain(&error), "old deliveries could not be forgotten; it is tried again");
                return;
            }
        }
    }
}

/// Gives how many were found.
async fn forget_some(app: &App, now: Time) -> Result<usize, db::Error> {
    let old = app.db.read_long(LOOK_TIME, move |reader| store::old(reader, now)).await?;
    let found = old.len();
    if found > 0 {
        app.db.write(move |tx| store::forget(tx, &old)).await?;
    }
    Ok(found)
}

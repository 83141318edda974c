//! The log of deliveries and of every attempt.

use std::time::Duration;

use super::{DeliveryId, Settings, State, store};
use crate::core::app::App;
use crate::core::clock::Time;
use crate::core::ids::{MessageId, RoomId, UserId};
use crate::http::outbound;
use crate::http::problem::chain;

/// Deliveries of one bot that may wait; further ones are logged as failed. A dead receiver must not
/// fill the job queue for all others.
pub const MAX_WAITING: i64 = 5_000;

/// Finished deliveries kept for each bot.
pub const MAX_KEPT: i64 = 1_000;
/// Days for which finished deliveries are kept.
pub const KEPT_DAYS: i64 = 30;

/// The time limit of the query for old deliveries.
const QUERY_TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Message {
        room: RoomId,
        message: MessageId,
    },
    /// A test by this administrator.
    Test(UserId),
}

/// A delivery to send.
#[derive(Debug, Clone)]
pub struct Delivery {
    pub id: DeliveryId,
    pub bot: UserId,
    /// The same at every attempt; receivers recognize repeats by it.
    pub webhook_id: String,
    /// `None` if the row is damaged.
    pub subject: Option<Subject>,
}

/// A finished attempt.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// When it began.
    pub at: Time,
    /// The status of the response, if there was one.
    pub status: Option<u16>,
    /// A description for administrators.
    pub outcome: String,
    pub duration_ms: u64,
}

/// What happened to a reply in the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ReplyState {
    /// The bot posted it.
    Posted,
    /// It was not posted; the attempt says why.
    Ignored,
}

impl ReplyState {
    pub fn from_stored(word: &str) -> Self {
        if word == "posted" { Self::Posted } else { Self::Ignored }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Posted => "posted",
            Self::Ignored => "ignored",
        }
    }
}

/// A delivery as the log shows it.
#[derive(Debug, Clone)]
pub struct Entry {
    pub id: DeliveryId,
    /// The `Webhook-Id` that the receiver sees.
    pub webhook_id: String,
    /// `None` for a test.
    pub message: Option<MessageId>,
    pub room: Option<RoomId>,
    pub url_host: String,
    pub state: State,
    /// `None` if the response had none.
    pub reply: Option<ReplyState>,
    pub created_at: Time,
}

/// The host and port of a webhook URL: the destination of its jobs, and what the log shows. The path
/// may be a secret and is left out. Empty if the URL is invalid.
pub fn host(url: &str) -> String {
    outbound::destination(url.trim()).unwrap_or_default()
}

pub fn host_of(settings: &Settings) -> String {
    settings.url.as_deref().map(host).unwrap_or_default()
}

/// A bot's deliveries are sent one after the other, in the order of the messages.
pub fn ordering_key(bot: UserId) -> String {
    format!("webhook:{}", bot.0)
}

/// Deletes finished deliveries that are too old or too many, in batches that let other writes
/// through. The query runs on a reader; the writer is used only if there is something to delete.
pub async fn delete_old(app: &App) {
    let now = app.clock.now();
    loop {
        match delete_batch(app, now).await {
            Ok(store::DELETE_BATCH..) => {}
            Ok(_) => return,
            Err(error) => {
                tracing::warn!(error = %chain(&error), "failed to delete old webhook deliveries; retrying later");
                return;
            }
        }
    }
}

/// Returns how many were found.
async fn delete_batch(app: &App, now: Time) -> Result<usize, db::Error> {
    let old = app
        .db
        .read_long(QUERY_TIMEOUT, move |reader| store::find_old_deliveries(reader, now))
        .await?;
    let found = old.len();
    if found > 0 {
        app.db.write(move |tx| store::delete_deliveries(tx, &old)).await?;
    }
    Ok(found)
}

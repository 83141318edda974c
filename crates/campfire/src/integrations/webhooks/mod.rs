//! Webhooks: HTTP requests that tell a bot's program about messages that concern it, and replies in
//! the response. Campfire's table `webhooks` holds the URL, so that Campfire finds it after a way
//! back; tables of our own hold the rest.
//!
//! [`enqueue`] stores a delivery and its job with the message; [`delivery`] sends what [`request`]
//! builds and [`signature`] signs; [`reply`] reads the response; [`log`] records every attempt.

pub mod delivery;
pub mod endpoint_cache;
pub mod enqueue;
pub mod events;
pub mod extractors;
pub mod log;
pub mod payload;
pub mod reply;
pub mod request;
pub mod routes;
pub mod signature;
pub mod store;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;

use crate::core::clock::Time;
use crate::http::network_policy::NetworkPolicy;
use crate::http::network_policy::is_public;
use crate::http::outbound::{self, CallError};
use crate::http::problem::{Problem, respond_as_problem};
use crate::identity::sessions::SessionError;

/// Lets people and secret scanners recognize what a secret is for.
const SECRET_PREFIX: &str = "whsec_";
const SECRET_BYTES: usize = 32;

/// The kind of a job that sends one delivery.
const DELIVER: &str = "webhook";

pub type DeliveryId = i64;

/// A valid webhook URL: `http` or `https`, at most 2048 bytes, without credentials. Those would be
/// visible to every administrator, and signatures make them unnecessary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookUrl(String);

impl WebhookUrl {
    /// # Errors
    /// A sentence for the administrator.
    pub fn parse(text: &str, policy: NetworkPolicy) -> Result<Self, String> {
        let url = outbound::parse(text.trim()).map_err(|error| match error {
            CallError::BadUrl(why) => format!("This URL can't be called: {why}."),
            other => format!("{other}."),
        })?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(
                "Remove the user and password from the URL. Requests are signed instead.".into()
            );
        }
        let address = url
            .host_str()
            .and_then(|host| host.trim_start_matches('[').trim_end_matches(']').parse().ok());
        if policy == NetworkPolicy::PublicOnly && address.is_some_and(|address| !is_public(address))
        {
            return Err("This server only calls addresses on the public internet.".into());
        }
        Ok(Self(text.trim().to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A new signing secret in the form of Standard Webhooks: `whsec_` and 32 random bytes in base64.
pub fn new_secret() -> String {
    format!("{SECRET_PREFIX}{}", STANDARD.encode(rand::random::<[u8; SECRET_BYTES]>()))
}

/// The settings of a bot's webhook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// As stored; Campfire does not validate it.
    pub url: Option<String>,
    /// What requests are signed with. Missing only for webhooks that Campfire stored.
    pub secret: Option<String>,
    /// Whether it receives every message in the bot's rooms, not only mentions and direct messages.
    pub subscribe_all: bool,
}

/// Changes to a bot's webhook; `None` leaves a setting as it is.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// `Some(None)` removes the webhook.
    pub url: Option<Option<WebhookUrl>>,
    pub subscribe_all: Option<bool>,
    /// Replace the secret.
    pub new_secret: bool,
}

/// The state of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Its next attempt is scheduled.
    Waiting,
    /// The receiver accepted it.
    Done,
    /// No further attempt is made.
    Failed,
}

impl State {
    fn from_stored(word: &str) -> Self {
        match word {
            "waiting" => Self::Waiting,
            "done" => Self::Done,
            _ => Self::Failed,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// The latest delivery to a bot.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct LastDelivery {
    pub id: DeliveryId,
    pub state: State,
    /// When it last changed.
    pub at: Time,
}

/// Why a webhook or delivery could not be used.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    #[error("Bots are turned off on this server.")]
    SwitchedOff,
    #[error("Bot not found.")]
    NotFound,
    /// It never existed or was deleted from the log.
    #[error("Delivery not found.")]
    NoDelivery,
    #[error("This bot has no webhook. Add a URL first.")]
    NoWebhook,
    #[error("This delivery is still in progress. Wait until it has finished.")]
    StillWaiting,
    #[error("Too many deliveries are waiting for this bot. Try again later.")]
    TooManyWaiting,
    #[error("{0}")]
    BadQuery(String),
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl From<WebhookError> for Problem {
    fn from(error: WebhookError) -> Self {
        let text = error.to_string();
        match error {
            WebhookError::SwitchedOff => Self::new(StatusCode::FORBIDDEN, text),
            WebhookError::NotFound | WebhookError::NoDelivery => {
                Self::new(StatusCode::NOT_FOUND, text)
            }
            WebhookError::NoWebhook | WebhookError::BadQuery(_) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, text)
            }
            WebhookError::StillWaiting | WebhookError::TooManyWaiting => {
                Self::new(StatusCode::CONFLICT, text)
            }
            WebhookError::Session(error) => error.into(),
            WebhookError::Database(error) => error.into(),
        }
    }
}

respond_as_problem!(WebhookError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_validated() {
        let parse = |text: &str| WebhookUrl::parse(text, NetworkPolicy::Any);
        assert_eq!(
            parse(" https://example.com/hook?x=1 ").expect("an address").as_str(),
            "https://example.com/hook?x=1"
        );
        assert!(parse("http://127.0.0.1:8080/").is_ok());
        for wrong in [
            "",
            "example.com",
            "ftp://example.com/",
            "https://user:word@example.com/",
            "https://user@example.com/",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        assert!(parse(&format!("https://example.com/{}", "x".repeat(2048))).is_err());
        for private in
            ["http://127.0.0.1/", "http://[::1]/", "http://10.1.2.3/x", "http://2130706433/"]
        {
            assert!(WebhookUrl::parse(private, NetworkPolicy::PublicOnly).is_err(), "{private}");
        }
        assert!(WebhookUrl::parse("https://example.com/", NetworkPolicy::PublicOnly).is_ok());
    }

    #[test]
    fn secrets_are_random_and_long() {
        let (one, other) = (new_secret(), new_secret());
        assert_ne!(one, other);
        assert_eq!(
            STANDARD
                .decode(one.strip_prefix(SECRET_PREFIX).expect("the prefix"))
                .expect("base64")
                .len(),
            SECRET_BYTES
        );
    }
}

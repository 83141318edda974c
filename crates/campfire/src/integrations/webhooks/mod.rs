//! Webhooks: what a bot is told of messages that concern it, by a call to an address that an
//! administrator chose, and what it answers. Campfire's own table holds the address, so that
//! Campfire finds it again; ours hold the rest.
//!
//! [`trigger`] enters a delivery and its job with the message; [`delivery`] makes it, with what
//! [`letter`] writes and [`signature`] signs; [`reply`] reads the answer; [`log`] keeps what
//! happened.

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

/// The first letters of a secret, by which people and programs recognise what it is.
const SECRET_PREFIX: &str = "whsec_";
/// Random bytes of a secret.
const SECRET_BYTES: usize = 32;

/// The job that tells one bot of one message.
const DELIVER: &str = "webhook";

/// A delivery's row in `campfire_webhook_deliveries`.
pub type DeliveryId = i64;

/// An address that can be called: `http` or `https`, at most 2048 bytes, without a user or password
/// in it. Those would be shown to every administrator and are not needed: calls are signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookUrl(String);

impl WebhookUrl {
    /// Checks what an administrator typed.
    ///
    /// # Errors
    /// A sentence about what is wrong with it.
    pub fn parse(text: &str, policy: NetworkPolicy) -> Result<Self, String> {
        let url = outbound::parse(text.trim()).map_err(|error| match error {
            CallError::BadUrl(why) => format!("This is no address that can be called: {why}."),
            other => format!("{other}."),
        })?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(
                "Leave user and password out of the address; calls are signed, and the signature proves where they come from.".into()
            );
        }
        let address = url
            .host_str()
            .and_then(|host| host.trim_start_matches('[').trim_end_matches(']').parse().ok());
        if policy == NetworkPolicy::PublicOnly && address.is_some_and(|address| !is_public(address))
        {
            return Err("This server calls addresses on the public internet only.".into());
        }
        Ok(Self(text.trim().to_owned()))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A new secret that calls are signed with, as Standard Webhooks write it: `whsec_` and 32 random
/// bytes in base64.
pub fn new_secret() -> String {
    format!("{SECRET_PREFIX}{}", STANDARD.encode(rand::random::<[u8; SECRET_BYTES]>()))
}

/// A bot's webhook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Where it is called, as stored; Campfire stores whatever was typed.
    pub url: Option<String>,
    /// What calls are signed with. There is one as soon as there is an address that was given
    /// here.
    pub secret: Option<String>,
    /// Whether it hears of every message of its rooms, not only of those that are meant for it.
    pub subscribe_all: bool,
}

/// What to change about a bot's webhook; what is left out stays.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Another address, or none any more.
    pub url: Option<Option<WebhookUrl>>,
    /// Whether it hears of every message.
    pub subscribe_all: Option<bool>,
    /// Whether it gets a new secret; the old one is worth nothing then.
    pub new_secret: bool,
}

/// How far a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It will be tried, perhaps again.
    Waiting,
    /// The receiver took it.
    Done,
    /// It was not taken and is not tried any more.
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

/// The latest delivery of a bot, in short.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct LastDelivery {
    /// The delivery.
    pub id: DeliveryId,
    /// How far it is.
    pub state: State,
    /// When something last happened to it.
    pub at: Time,
}

/// Why something about a webhook could not be done.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// The operator switched bots off.
    #[error("Bots are switched off on this server.")]
    SwitchedOff,
    /// No active bot has this number.
    #[error("There is no such bot.")]
    NotFound,
    /// The bot has no delivery with this number, or not any more.
    #[error("There is no such delivery.")]
    NoDelivery,
    /// There is nowhere to send it to.
    #[error("This bot has no webhook. Give it an address first.")]
    NoWebhook,
    /// It was not tried for the last time yet.
    #[error("It is still waiting to be delivered. Wait until that has ended.")]
    StillWaiting,
    /// The receiver is too far behind.
    #[error("Too many deliveries are waiting for this bot's receiver.")]
    Crowded,
    /// The query of the log makes no sense.
    #[error("{0}")]
    BadQuery(String),
    /// Who calls is no administrator.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The database.
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
            WebhookError::StillWaiting | WebhookError::Crowded => {
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
    fn addresses_are_checked() {
        let anywhere = |text: &str| WebhookUrl::parse(text, NetworkPolicy::Any);
        assert_eq!(
            anywhere(" https://example.com/hook?x=1 ").expect("an address").as_str(),
            "https://example.com/hook?x=1"
        );
        assert!(anywhere("http://127.0.0.1:8080/").is_ok());
        for wrong in [
            "",
            "example.com",
            "ftp://example.com/",
            "https://user:word@example.com/",
            "https://user@example.com/",
        ] {
            assert!(anywhere(wrong).is_err(), "{wrong}");
        }
        assert!(anywhere(&format!("https://example.com/{}", "x".repeat(2048))).is_err());
        for inside in
            ["http://127.0.0.1/", "http://[::1]/", "http://10.1.2.3/x", "http://2130706433/"]
        {
            assert!(WebhookUrl::parse(inside, NetworkPolicy::PublicOnly).is_err(), "{inside}");
        }
        assert!(WebhookUrl::parse("https://example.com/", NetworkPolicy::PublicOnly).is_ok());
    }

    #[test]
    fn secrets_are_long_and_differ() {
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

//! Which bot a request is about, and which bot shows its key in the path.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::HeaderValue;
use http::request::Parts;

use super::BotError;
use crate::core::app::App;
use crate::core::ids::{MessageId, RoomId, UserId};
use crate::http::client_ip::{Peer, base_url};
use crate::http::path::parameter;
use crate::identity::sessions::SessionError;
use crate::identity::sessions::extractors::{Calls, bot};
use crate::identity::users::User;

/// The bot in the path, whose parameter is called `bot_id`; whether there is one is asked later.
pub struct InPath(pub UserId);

impl FromRequestParts<App> for InPath {
    type Rejection = BotError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, BotError> {
        parameter(parts, app, "bot_id").await.map(|id| Self(UserId(id))).ok_or(BotError::NotFound)
    }
}

/// A bot by the key in the path, whose parameter is called `bot_key`. Nothing else counts there,
/// neither a cookie nor another key.
pub struct KeyHolder {
    user: Arc<User>,
}

impl FromRequestParts<App> for KeyHolder {
    type Rejection = SessionError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, SessionError> {
        if !app.config.bot_integrations {
            return Err(SessionError::BotsSwitchedOff);
        }
        let key = parameter::<String>(parts, app, "bot_key").await.unwrap_or_default();
        bot(app, &key)?.map(|user| Self { user }).ok_or(SessionError::WrongKey)
    }
}

impl Calls for KeyHolder {
    fn user(&self) -> &Arc<User> {
        &self.user
    }
}

/// The address of this installation as the bot sees it, for the absolute addresses that Campfire's
/// bots get.
pub struct Site(pub String);

impl FromRequestParts<App> for Site {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        // The server puts the peer into every request; one without it is not believed about the
        // scheme.
        let peer =
            parts.extensions.get::<Peer>().copied().unwrap_or(Peer(([0, 0, 0, 0], 0).into()));
        Ok(Self(base_url(&app.config.trusted_proxies, peer, &parts.headers, &parts.uri)))
    }
}

impl Site {
    /// Where a message is found.
    pub fn message(&self, room: RoomId, id: MessageId) -> String {
        format!("{}/rooms/{}/messages/{}", self.0, room.0, id.0)
    }

    /// A header with an address of this site in it.
    pub fn header(text: &str) -> HeaderValue {
        // Hosts come in headers, so they fit into one.
        HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("/"))
    }
}

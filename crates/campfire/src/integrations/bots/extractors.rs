//! The bot whose key is in the path, and the base URL for the links it gets.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::HeaderValue;
use http::request::Parts;

use crate::core::app::App;
use crate::core::ids::{MessageId, RoomId};
use crate::http::client_ip::{Peer, base_url};
use crate::http::path::parameter;
use crate::identity::sessions::SessionError;
use crate::identity::sessions::extractors::{AuthenticatedUser, find_bot_by_key};
use crate::identity::users::User;

/// The bot that calls, authenticated by the key in the path parameter `bot_key`. Cookies and the
/// `Authorization` header are ignored.
pub struct BotByKey {
    user: Arc<User>,
}

impl FromRequestParts<App> for BotByKey {
    type Rejection = SessionError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, SessionError> {
        if !app.config.bot_integrations {
            return Err(SessionError::BotsDisabled);
        }
        let key = parameter::<String>(parts, app, "bot_key").await.unwrap_or_default();
        find_bot_by_key(app, &key)?.map(|user| Self { user }).ok_or(SessionError::WrongKey)
    }
}

impl AuthenticatedUser for BotByKey {
    fn user(&self) -> &Arc<User> {
        &self.user
    }
}

/// The base URL of this server as the bot addressed it, for the absolute URLs in responses.
pub struct BaseUrl(pub String);

impl FromRequestParts<App> for BaseUrl {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        // The server adds the peer to every request. Without one, forwarded headers are not trusted.
        let peer =
            parts.extensions.get::<Peer>().copied().unwrap_or(Peer(([0, 0, 0, 0], 0).into()));
        Ok(Self(base_url(&app.config.trusted_proxies, peer, &parts.headers, &parts.uri)))
    }
}

impl BaseUrl {
    pub fn message(&self, room: RoomId, id: MessageId) -> String {
        format!("{}/rooms/{}/messages/{}", self.0, room.0, id.0)
    }

    /// `text` with a URL of this server in it, as a header value.
    pub fn header(text: &str) -> HeaderValue {
        // The host was taken from a header, so it is valid in one.
        HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("/"))
    }
}

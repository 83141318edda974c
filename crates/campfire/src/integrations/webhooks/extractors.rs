//! Extractors for the administration of bots and webhooks.

use std::ops::Deref;

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::{DeliveryId, WebhookError, store};
use crate::core::app::App;
use crate::core::ids::UserId;
use crate::http::path::parameter;
use crate::identity::sessions::Session;
use crate::identity::sessions::extractors::Administrator;

/// An administrator, if bot integrations are enabled.
pub struct BotAdministrator(Administrator);

impl Deref for BotAdministrator {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.0.0
    }
}

impl FromRequestParts<App> for BotAdministrator {
    type Rejection = WebhookError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, WebhookError> {
        let caller = Administrator::from_request_parts(parts, app).await?;
        if app.config.bot_integrations { Ok(Self(caller)) } else { Err(WebhookError::SwitchedOff) }
    }
}

/// The active bot in the path parameter `bot_id`. Must come after [`BotAdministrator`]: nobody else
/// may learn which bots exist.
pub struct InPath(pub UserId);

impl FromRequestParts<App> for InPath {
    type Rejection = WebhookError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, WebhookError> {
        let bot = UserId(parameter(parts, app, "bot_id").await.ok_or(WebhookError::NotFound)?);
        app.db
            .read(|reader| store::bot(reader, bot))?
            .map(|_| Self(bot))
            .ok_or(WebhookError::NotFound)
    }
}

/// The id in the path parameter `delivery_id`. The handlers check that such a delivery exists.
pub struct DeliveryInPath(pub DeliveryId);

impl FromRequestParts<App> for DeliveryInPath {
    type Rejection = WebhookError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, WebhookError> {
        parameter(parts, app, "delivery_id").await.map(Self).ok_or(WebhookError::NoDelivery)
    }
}

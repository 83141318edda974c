use axum::extract::FromRequestParts;
use http::request::Parts;

use super::BotError;
use crate::core::app::App;
use crate::core::ids::UserId;
use crate::http::path::parameter;

/// The id in the path parameter `bot_id`. The rules check that such a bot exists.
pub struct InPath(pub UserId);

impl FromRequestParts<App> for InPath {
    type Rejection = BotError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, BotError> {
        parameter(parts, app, "bot_id").await.map(|id| Self(UserId(id))).ok_or(BotError::NotFound)
    }
}

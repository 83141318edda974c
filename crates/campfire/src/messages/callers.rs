//! Which message a request is about.

use std::collections::HashMap;

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;

use super::MessageError;
use crate::app::App;
use crate::ids::MessageId;

/// The message in the path, whose parameter is called `message_id`; whether it exists is asked later.
pub struct InPath(pub MessageId);

impl FromRequestParts<App> for InPath {
    type Rejection = MessageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, MessageError> {
        let params = Path::<HashMap<String, String>>::from_request_parts(parts, app).await.map_err(|_| MessageError::NotFound)?;
        params.get("message_id").and_then(|id| id.parse().ok()).map(|id| Self(MessageId(id))).ok_or(MessageError::NotFound)
    }
}

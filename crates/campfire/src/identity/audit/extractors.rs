//! Who did something, for the audit: the caller and their network address.

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::By;
use crate::core::app::App;
use crate::identity::sessions::SessionError;
use crate::identity::sessions::extractors::{SignedIn, Visitor};

impl FromRequestParts<App> for By {
    type Rejection = SessionError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, SessionError> {
        let caller = SignedIn::from_request_parts(parts, app).await?;
        let Ok(visitor) = Visitor::from_request_parts(parts, app).await;
        Ok(Self { actor: Some(caller.user.id), ip_address: Some(visitor.device.ip_address) })
    }
}

//! Extracts the caller and their IP address for the audit log.

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::Actor;
use crate::core::app::App;
use crate::identity::sessions::SessionError;
use crate::identity::sessions::extractors::{ClientInfo, SignedIn};

impl FromRequestParts<App> for Actor {
    type Rejection = SessionError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, SessionError> {
        let caller = SignedIn::from_request_parts(parts, app).await?;
        let Ok(client) = ClientInfo::from_request_parts(parts, app).await;
        Ok(Self { user: Some(caller.user.id), ip_address: Some(client.device.ip_address) })
    }
}

use std::ops::Deref;

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::PushError;
use crate::core::app::App;
use crate::identity::sessions::Session;
use crate::identity::sessions::extractors::SignedIn;

/// A signed-in user, if push notifications are enabled.
pub struct Subscriber(SignedIn);

impl Deref for Subscriber {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.0
    }
}

impl FromRequestParts<App> for Subscriber {
    type Rejection = PushError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PushError> {
        let caller = SignedIn::from_request_parts(parts, app).await?;
        if app.config.push_notifications { Ok(Self(caller)) } else { Err(PushError::SwitchedOff) }
    }
}

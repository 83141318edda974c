//! Which boost a request is about.

use std::collections::HashMap;

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;

use super::BoostError;
use crate::app::App;

/// The boost in the path, whose parameter is called `boost_id`; whether it is the caller's is asked when it is removed.
pub struct InPath(pub i64);

impl FromRequestParts<App> for InPath {
    type Rejection = BoostError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, BoostError> {
        let params = Path::<HashMap<String, String>>::from_request_parts(parts, app).await.map_err(|_| BoostError::NotFound)?;
        params.get("boost_id").and_then(|id| id.parse().ok()).map(Self).ok_or(BoostError::NotFound)
    }
}

//! Which boost a request is about.

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::BoostError;
use crate::core::app::App;
use crate::http::path::parameter;

/// The boost in the path, whose parameter is called `boost_id`; whether it is the caller's is asked
/// when it is removed.
pub struct InPath(pub i64);

impl FromRequestParts<App> for InPath {
    type Rejection = BoostError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, BoostError> {
        parameter(parts, app, "boost_id").await.map(Self).ok_or(BoostError::NotFound)
    }
}

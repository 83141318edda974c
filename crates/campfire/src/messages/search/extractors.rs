//! Extractors for the routes of search.

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::SearchError;
use crate::core::app::App;

/// Rejects the request if the operator turned search off.
pub struct SearchEnabled;

impl FromRequestParts<App> for SearchEnabled {
    type Rejection = SearchError;

    async fn from_request_parts(_: &mut Parts, app: &App) -> Result<Self, SearchError> {
        if app.config.search_enabled { Ok(Self) } else { Err(SearchError::Off) }
    }
}

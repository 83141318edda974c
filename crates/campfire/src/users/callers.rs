//! Which user a request is about.

use std::collections::HashMap;

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;

use crate::app::App;
use crate::http::problem::Problem;
use crate::ids::UserId;

/// The user in the path, whose parameter is called `user_id`; whether there is one is asked later.
pub struct InPath(pub UserId);

impl FromRequestParts<App> for InPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let missing = || Problem::not_found("User");
        let params = Path::<HashMap<String, String>>::from_request_parts(parts, app).await.map_err(|_| missing())?;
        params.get("user_id").and_then(|id| id.parse().ok()).map(|id| Self(UserId(id))).ok_or_else(missing)
    }
}

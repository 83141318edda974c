//! Which user a request is about.

use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::core::app::App;
use crate::core::ids::UserId;
use crate::http::path::parameter;
use crate::http::problem::Problem;

/// The user in the path, whose parameter is called `user_id`; whether there is one is asked later.
pub struct InPath(pub UserId);

impl FromRequestParts<App> for InPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        parameter(parts, app, "user_id")
            .await
            .map(|id| Self(UserId(id)))
            .ok_or_else(|| Problem::not_found("User"))
    }
}

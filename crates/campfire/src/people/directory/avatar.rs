//! The endpoint for avatars.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use utoipa_axum::router::OpenApiRouter;

use crate::core::app::App;
use crate::core::ids::UserId;
use crate::http::path::Segment;
use crate::http::problem::Problem;
use crate::identity::sessions::extractors::SignedIn;
use crate::identity::users::{Users, avatar};

/// Half an hour; stale for up to a week while revalidating, as in Campfire.
const AVATAR_CACHE: HeaderValue =
    HeaderValue::from_static("private, max-age=1800, stale-while-revalidate=604800");

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().route("/users/{token}/avatar", axum::routing::get(show_avatar))
}

async fn show_avatar(
    _: SignedIn,
    State(app): State<App>,
    Segment(token): Segment<String>,
) -> Result<Response, Problem> {
    let id = app.secret.verify_id("user", "avatar", &token, app.clock.now().timestamp());
    let user = match id {
        Some(id) => app.state::<Users>().find(&app, UserId(id))?,
        None => None,
    };
    let user = user.ok_or_else(|| Problem::not_found("Picture"))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml")),
        (header::CACHE_CONTROL, AVATAR_CACHE),
    ];
    Ok((headers, avatar::svg(&user.initials, user.color)).into_response())
}

//! Users over HTTP: oneself, and the pictures of all.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Me, People, avatar, store};
use crate::app::App;
use crate::http::problem::Problem;
use crate::ids::UserId;
use crate::sessions::callers::SignedIn;

/// Half an hour, and a week while a newer one is fetched, as in Campfire.
const AVATAR_CACHE: HeaderValue = HeaderValue::from_static("private, max-age=1800, stale-while-revalidate=604800");

/// The routes of users.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(me)).route("/users/{token}/avatar", axum::routing::get(show_avatar))
}

/// Who one is
#[utoipa::path(get, operation_id = "show_me", path = "/api/v1/me", tag = "me", responses(
    (status = 200, body = Me),
    (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
))]
async fn me(caller: SignedIn, State(app): State<App>) -> Result<Json<Me>, Problem> {
    let email_address = app.db.read(|reader| store::email_address(reader, caller.user.id))?;
    Ok(Json(Me { user: caller.user.clone(), email_address }))
}

/// A user's picture by its signed address.
async fn show_avatar(_: SignedIn, State(app): State<App>, Path(token): Path<String>) -> Result<Response, Problem> {
    let id = app.secret.verify_id("user", "avatar", &token, app.clock.now().timestamp());
    let user = match id {
        Some(id) => app.state::<People>().find(&app, UserId(id))?,
        None => None,
    };
    let user = user.ok_or_else(|| Problem::not_found("Picture"))?;
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml")), (header::CACHE_CONTROL, AVATAR_CACHE)];
    Ok((headers, avatar::svg(&user.initials, user.color)).into_response())
}

//! Sounds over HTTP: the list, and the files, which are the same for everyone and therefore public.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use http::{HeaderMap, HeaderValue, Method};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{SoundView, Sounds, table};
use crate::core::app::App;
use crate::http::path::Segment;
use crate::http::problem::Problem;
use crate::identity::sessions::extractors::SignedIn;

/// Fresh for a day; for another month, a stale file is served while the browser checks whether the
/// operator replaced it.
const CACHE: HeaderValue =
    HeaderValue::from_static("public, max-age=86400, stale-while-revalidate=2592000");

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .route("/sounds/{file}", get(play))
        .route("/sounds/pictures/{file}", get(draw))
}

/// List the sounds that a message can play
#[utoipa::path(get, operation_id = "list_sounds", path = "/api/v1/sounds", tag = "messages", responses(
    (status = 200, description = "All sounds, by name. A message whose text is exactly `/play NAME` plays one.", body = Vec<SoundView>),
))]
async fn list(_: SignedIn, State(app): State<App>) -> Json<Vec<SoundView>> {
    let sounds = app.state::<Sounds>();
    Json(table::ALL.iter().map(|sound| sounds.view(sound)).collect())
}

async fn play(
    State(app): State<App>,
    Segment(file): Segment<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let media = app.state::<Sounds>().file(&file).ok_or_else(|| Problem::not_found("Sound"))?;
    Ok(media.respond(&method, &headers, CACHE))
}

async fn draw(
    State(app): State<App>,
    Segment(file): Segment<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let media =
        app.state::<Sounds>().drawing(&file).ok_or_else(|| Problem::not_found("Picture"))?;
    Ok(media.respond(&method, &headers, CACHE))
}

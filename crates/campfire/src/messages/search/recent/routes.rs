//! Recent searches over HTTP.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{MAX_RECENT, RecentSearch, store};
use crate::core::app::App;
use crate::http::json::JsonBody;
use crate::identity::sessions::extractors::SignedIn;
use crate::messages::search::SearchError;
use crate::messages::search::extractors::SearchEnabled;
use crate::messages::search::query::MAX_QUERY;

/// The routes of recent searches.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, save, clear))
}

/// List your recent searches, latest first; at most ten
#[utoipa::path(get, operation_id = "list_recent_searches", path = "/api/v1/searches/recent", tag = "searches", responses(
    (status = 200, body = Vec<RecentSearch>),
    (status = 403, description = "Search is turned off"),
))]
async fn list(
    caller: SignedIn,
    _: SearchEnabled,
    State(app): State<App>,
) -> Result<Json<Vec<RecentSearch>>, SearchError> {
    Ok(Json(app.db.read(|reader| store::list(reader, caller.user.id, MAX_RECENT))?))
}

/// A search to save.
#[derive(Deserialize, ToSchema)]
struct NewRecentSearch {
    /// The text that was searched for: 1 to 512 characters.
    query: String,
}

/// Save a recent search; one that is listed already moves to the top
#[utoipa::path(post, operation_id = "note_recent_search", path = "/api/v1/searches/recent", tag = "searches", request_body = NewRecentSearch, responses(
    (status = 201, body = RecentSearch),
    (status = 200, body = RecentSearch, description = "It was listed already"),
    (status = 403, description = "Search is turned off"),
    (status = 422, description = "The query is empty or too long"),
))]
async fn save(
    caller: SignedIn,
    _: SearchEnabled,
    State(app): State<App>,
    JsonBody(new): JsonBody<NewRecentSearch>,
) -> Result<Response, SearchError> {
    let query = new.query.replace(char::is_control, " ").trim().to_owned();
    if query.is_empty() {
        return Err(SearchError::rejected("query", "Type something to search for."));
    }
    if query.chars().count() > MAX_QUERY {
        return Err(SearchError::rejected(
            "query",
            format!("The search is too long: at most {MAX_QUERY} characters."),
        ));
    }
    let (user, now) = (caller.user.id, app.clock.now());
    let (is_new, saved) = app
        .db
        .write(move |tx| {
            let is_new = store::save(tx, user, &query, now)?;
            Ok::<_, db::Error>((is_new, store::list(tx, user, 1)?.into_iter().next()))
        })
        .await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(saved)).into_response())
}

/// Clear your recent searches
#[utoipa::path(delete, operation_id = "forget_recent_searches", path = "/api/v1/searches/recent", tag = "searches", responses(
    (status = 204, description = "Cleared"),
    (status = 403, description = "Search is turned off"),
))]
async fn clear(
    caller: SignedIn,
    _: SearchEnabled,
    State(app): State<App>,
) -> Result<StatusCode, SearchError> {
    let user = caller.user.id;
    app.db.write(move |tx| store::clear(tx, user)).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! Boosts over HTTP.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{BoostError, Content, add, list, remove};
use crate::core::app::App;
use crate::core::ids::BoostId;
use crate::http::conditional::Prepared;
use crate::http::json::JsonBody;
use crate::http::path::PathId;
use crate::identity::sessions::extractors::Caller;
use crate::messages::Boost;
use crate::messages::extractors::MessageReader;
use crate::messages::pages::to_json;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(index, create)).routes(routes!(destroy))
}

/// List the boosts of a message, oldest first
#[utoipa::path(get, operation_id = "list_boosts", path = "/api/v1/messages/{message_id}/boosts", tag = "boosts", params(("message_id" = i64, Path)), responses(
    (status = 200, body = Vec<Boost>),
    (status = 304, description = "Not modified since the given ETag"),
))]
async fn index(
    reader: MessageReader<Caller>,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, BoostError> {
    Ok(Prepared::new(to_json(&list(&app, &reader)?), None).respond(&headers))
}

/// A boost to add: 1 to 16 characters.
#[derive(Deserialize, ToSchema)]
struct NewBoost {
    content: String,
}

/// Boost a message
#[utoipa::path(post, operation_id = "create_boost", path = "/api/v1/messages/{message_id}/boosts", tag = "boosts", params(("message_id" = i64, Path)),
    request_body = NewBoost, responses(
    (status = 201, body = Boost),
    (status = 422, description = "Blank or too long, or the message has too many boosts"),
))]
async fn create(
    reader: MessageReader<Caller>,
    State(app): State<App>,
    JsonBody(new): JsonBody<NewBoost>,
) -> Result<Response, BoostError> {
    let content = Content::parse(&new.content).map_err(BoostError::Rejected)?;
    let boost = add(&app, &reader, content).await?;
    Ok((StatusCode::CREATED, Json(&*boost)).into_response())
}

/// Delete your boost
#[utoipa::path(delete, operation_id = "delete_boost", path = "/api/v1/messages/{message_id}/boosts/{boost_id}", tag = "boosts",
    params(("message_id" = i64, Path), ("boost_id" = i64, Path)), responses(
    (status = 204, description = "Deleted"),
))]
async fn destroy(
    reader: MessageReader<Caller>,
    PathId(boost): PathId<BoostId>,
    State(app): State<App>,
) -> Result<StatusCode, BoostError> {
    remove(&app, &reader, boost).await?;
    Ok(StatusCode::NO_CONTENT)
}

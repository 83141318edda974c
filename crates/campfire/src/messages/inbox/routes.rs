//! The inbox over HTTP.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{InboxItem, page};
use crate::core::app::App;
use crate::core::clock::MonotonicClock;
use crate::core::ids::MessageId;
use crate::http::paging;
use crate::http::problem::Problem;
use crate::identity::sessions::extractors::SignedIn;
use crate::messages::MessageError;
use crate::messages::inbox::events::InboxChanged;
use crate::messages::inbox::store;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(mark_seen)).routes(routes!(count))
}

/// Which messages to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PageQuery {
    /// Only messages that come after this one in the list.
    before: Option<i64>,
    /// Messages per page, 1 to 100.
    limit: Option<u32>,
}

/// List messages that mention you or reply to you, in rooms you belong to, newest first
#[utoipa::path(get, operation_id = "list_inbox", path = "/api/v1/inbox", tag = "inbox", params(PageQuery), responses(
    (status = 200, body = Vec<InboxItem>, headers(("Link" = String, description = "The next page, as rel=\"next\", if there is one"))),
    (status = 404, description = "The cursor is not in the inbox"),
    (status = 422, description = "Invalid query"),
))]
async fn list(
    caller: SignedIn,
    State(app): State<App>,
    query: Result<Query<PageQuery>, QueryRejection>,
) -> Result<Response, MessageError> {
    let Query(query) =
        query.map_err(|_| MessageError::BadQuery("before and limit must be numbers.".into()))?;
    let limit = paging::limit(query.limit).map_err(MessageError::BadQuery)?;
    let (items, next) = page(&app, &caller.user, query.before.map(MessageId), limit)?;
    Ok(paging::respond("/api/v1/inbox", &items, next.map(|id| id.0), limit))
}

/// Mark everything in your inbox as read
#[utoipa::path(put, operation_id = "see_inbox", path = "/api/v1/inbox/seen", tag = "inbox", responses(
    (status = 204, description = "Marked as read"),
))]
async fn mark_seen(caller: SignedIn, State(app): State<App>) -> Result<StatusCode, Problem> {
    let (writer, user) = (app.clone(), caller.user.id);
    app.db
        .write(move |tx| {
            store::mark_seen(tx, user, writer.state::<MonotonicClock>().next(writer.clock.now()))?;
            tx.publish(Arc::new(InboxChanged { user }));
            Ok::<_, db::Error>(())
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Number of unread messages in your inbox.
#[derive(Serialize, ToSchema)]
struct InboxCount {
    /// Unread messages, counted up to 1,000.
    unread: i64,
}

/// Count the messages that arrived in your inbox since you last viewed it
#[utoipa::path(get, operation_id = "count_inbox", path = "/api/v1/inbox/count", tag = "inbox", responses(
    (status = 200, body = InboxCount),
))]
async fn count(caller: SignedIn, State(app): State<App>) -> Result<Json<InboxCount>, Problem> {
    Ok(Json(InboxCount { unread: app.db.read(|reader| store::unread(reader, caller.user.id))? }))
}

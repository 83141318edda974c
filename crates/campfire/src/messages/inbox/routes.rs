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

/// The routes of the inbox.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(seen)).routes(routes!(count))
}

/// Which part.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PartQuery {
    /// What comes after this message in the list.
    before: Option<i64>,
    /// Messages per part, 1 to 100.
    limit: Option<u32>,
}

/// Messages that mention one or answer one, in rooms one is in, newest first
#[utoipa::path(get, operation_id = "list_inbox", path = "/api/v1/inbox", tag = "inbox", params(PartQuery), responses(
    (status = 200, body = Vec<InboxItem>, headers(("Link" = String, description = "rel=\"next\" where there is more"))),
    (status = 404, description = "The cursor is not in the inbox"),
    (status = 422, description = "A query that makes no sense"),
))]
async fn list(
    caller: SignedIn,
    State(app): State<App>,
    query: Result<Query<PartQuery>, QueryRejection>,
) -> Result<Response, MessageError> {
    let Query(query) =
        query.map_err(|_| MessageError::BadQuery("before and limit must be numbers.".into()))?;
    let limit = paging::limit(query.limit).map_err(MessageError::BadQuery)?;
    let (items, next) = page(&app, &caller.user, query.before.map(MessageId), limit)?;
    Ok(paging::respond("/api/v1/inbox", &items, next.map(|id| id.0), limit))
}

/// One has looked: nothing in the inbox is unread
#[utoipa::path(put, operation_id = "see_inbox", path = "/api/v1/inbox/seen", tag = "inbox", responses(
    (status = 204, description = "Seen"),
))]
async fn seen(caller: SignedIn, State(app): State<App>) -> Result<StatusCode, Problem> {
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

/// How much is unread.
#[derive(Serialize, ToSchema)]
struct InboxCount {
    /// Messages; a thousand stands for more.
    unread: i64,
}

/// How many messages came into the inbox since one last looked
#[utoipa::path(get, operation_id = "count_inbox", path = "/api/v1/inbox/count", tag = "inbox", responses(
    (status = 200, body = InboxCount),
))]
async fn count(caller: SignedIn, State(app): State<App>) -> Result<Json<InboxCount>, Problem> {
    Ok(Json(InboxCount { unread: app.db.read(|reader| store::unread(reader, caller.user.id))? }))
}

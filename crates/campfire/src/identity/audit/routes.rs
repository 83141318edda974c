//! The endpoint that lists the audit log.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::store;
use crate::core::app::App;
use crate::core::clock::Time;
use crate::http::paging;
use crate::http::problem::Problem;
use crate::identity::sessions::extractors::Administrator;
use crate::identity::users::{User, Users};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AuditQuery {
    /// Entries older than this one.
    before: Option<i64>,
    /// Entries per page, 1 to 100. Defaults to 40.
    limit: Option<u32>,
}

/// What was changed, with its name at that time.
#[derive(Serialize, ToSchema)]
struct AuditSubject {
    /// `user` or `room`.
    #[serde(rename = "type")]
    kind: String,
    id: i64,
    name: String,
}

/// A change to a user, a room or the account.
#[derive(Serialize, ToSchema)]
struct AuditEntry {
    id: i64,
    /// For example `user.role_changed` or `room.deleted`.
    action: String,
    /// Null for the operator at the command line.
    #[schema(required)]
    actor: Option<Arc<User>>,
    /// Null for changes to the account.
    #[schema(required)]
    subject: Option<AuditSubject>,
    /// A short text for people; may be empty.
    detail: String,
    #[schema(required)]
    ip_address: Option<String>,
    created_at: Time,
}

/// List the audit log, newest first
///
/// Keeps the latest 100,000 entries.
#[utoipa::path(get, operation_id = "list_audit", path = "/api/v1/audit", tag = "account", params(AuditQuery), responses(
    (status = 200, body = Vec<AuditEntry>, headers(("Link" = String, description = "rel=\"next\" if there are more"))),
    (status = 422, description = "Invalid query parameters"),
))]
async fn list(
    _: Administrator,
    State(app): State<App>,
    query: Result<Query<AuditQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let unprocessable = |text: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, text);
    let Query(params) =
        query.map_err(|_| unprocessable("before and limit must be numbers.".into()))?;
    let limit = paging::limit(params.limit).map_err(unprocessable)?;
    let mut rows =
        app.db.read(|reader| store::page(reader, params.before, paging::ahead(limit)))?;
    let has_more = paging::cut(&mut rows, limit);
    let next = rows.last().filter(|_| has_more).map(|row| row.id);
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        let actor =
            row.actor_id.map(|id| app.state::<Users>().find(&app, id)).transpose()?.flatten();
        let subject = row.subject.map(|(kind, id, name)| AuditSubject { kind, id, name });
        let (action, detail, ip_address) = (row.action, row.detail, row.ip_address);
        entries.push(AuditEntry {
            id: row.id,
            action,
            actor,
            subject,
            detail,
            ip_address,
            created_at: row.created_at,
        });
    }
    Ok(paging::respond("/api/v1/audit", &entries, next, limit))
}

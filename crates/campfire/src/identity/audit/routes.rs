//! The audit over HTTP, for administrators.

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

/// The route of the audit.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Which part of the audit.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AuditQuery {
    /// Entries before this one.
    before: Option<i64>,
    /// Entries, 1 to 100; 40 unless said otherwise.
    limit: Option<u32>,
}

/// What something was done to, as it was called then.
#[derive(Serialize, ToSchema)]
struct AuditSubject {
    /// `user` or `room`.
    #[serde(rename = "type")]
    kind: String,
    id: i64,
    name: String,
}

/// Something that was done.
#[derive(Serialize, ToSchema)]
struct AuditEntry {
    id: i64,
    /// For example `user.role_changed` or `room.deleted`.
    action: String,
    /// Who did it; null for the operator at the command line.
    #[schema(required)]
    actor: Option<Arc<User>>,
    /// Null for what concerns the account.
    #[schema(required)]
    subject: Option<AuditSubject>,
    /// A few words about it; may be empty.
    detail: String,
    #[schema(required)]
    ip_address: Option<String>,
    created_at: Time,
}

/// What was done to people, rooms and the account, newest first; the last hundred thousand entries
#[utoipa::path(get, operation_id = "list_audit", path = "/api/v1/audit", tag = "account", params(AuditQuery), responses(
    (status = 200, body = Vec<AuditEntry>, headers(("Link" = String, description = "rel=\"next\" where there is more"))),
    (status = 403, description = "Not an administrator"),
    (status = 422, description = "A query that makes no sense"),
))]
async fn list(
    _: Administrator,
    State(app): State<App>,
    query: Result<Query<AuditQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let unprocessable = |text: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, text);
    let Query(asked) =
        query.map_err(|_| unprocessable("before and limit must be numbers.".into()))?;
    let limit = paging::limit(asked.limit).map_err(unprocessable)?;
    let mut rows = app.db.read(|reader| store::page(reader, asked.before, paging::ahead(limit)))?;
    let goes_on = paging::cut(&mut rows, limit);
    let next = rows.last().filter(|_| goes_on).map(|row| row.id);
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

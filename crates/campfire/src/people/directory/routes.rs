//! Finding people over HTTP.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Addresses, Mentionable, Page, Search, search};
use crate::core::app::App;
use crate::core::ids::{RoomId, UserId};
use crate::http::path::Segment;
use crate::http::problem::Problem;
use crate::identity::sessions::SessionError;
use crate::identity::sessions::extractors::SignedIn;
use crate::identity::users::{Role, User, Users, store as user_store};
use crate::rooms::memberships::Memberships;

/// Users unless the caller wants another number.
const DEFAULT_LIMIT: usize = 20;
/// Users at most.
const MAX_LIMIT: usize = 500;
/// Characters of a query; names have no more.
const MAX_QUERY: usize = 100;

/// The routes of the directory.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show))
}

/// Whom one looks for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchQuery {
    /// A part of the name; case and accents do not matter.
    query: Option<String>,
    /// Only members of this room, those who spoke last in it first.
    room_id: Option<i64>,
    /// Users, 1 to 500; 20 unless said otherwise.
    limit: Option<usize>,
    /// Users after this one in the list.
    after: Option<i64>,
    /// Users before this one in the list.
    before: Option<i64>,
    /// `all` shows administrators those too who were removed or banned.
    status: Option<String>,
}

/// Active users by name, programs and oneself too
#[utoipa::path(get, operation_id = "list_users", path = "/api/v1/users", tag = "users", params(SearchQuery), responses(
    (status = 200, body = Vec<Mentionable>, headers(("Link" = String, description = "rel=\"next\" where there is more"))),
    (status = 403, description = "Only administrators see everybody"),
    (status = 404, description = "No such room, or not a member; no such place in the list"),
    (status = 422, description = "A query that makes no sense"),
))]
async fn list(
    caller: SignedIn,
    State(app): State<App>,
    query: Result<Query<SearchQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let unprocessable = |text: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, text);
    let Query(asked) = query
        .map_err(|_| unprocessable("room_id, limit, after and before must be numbers.".into()))?;
    let limit = asked.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(unprocessable(format!("limit must be a number from 1 to {MAX_LIMIT}.")));
    }
    let query = asked.query.unwrap_or_default();
    if query.chars().count() > MAX_QUERY {
        return Err(unprocessable(format!("query has at most {MAX_QUERY} characters.")));
    }
    let page = match (asked.after, asked.before) {
        (None, None) => Page::First,
        (Some(id), None) => Page::After(UserId(id)),
        (None, Some(id)) => Page::Before(UserId(id)),
        (Some(_), Some(_)) => {
            return Err(unprocessable("Use only one of after and before.".into()));
        }
    };
    let administrator = caller.user.role == Role::Administrator;
    let all = match asked.status.as_deref() {
        None | Some("active") => false,
        Some("all") if administrator => true,
        Some("all") => return Err(SessionError::NotAdministrator.into()),
        Some(_) => return Err(unprocessable("status must be active or all.".into())),
    };
    let room = asked.room_id.map(RoomId);
    if let Some(room) = room
        && !app.state::<Memberships>().is_member(&app, room, caller.user.id)?
    {
        return Err(Problem::not_found("Room"));
    }
    let addresses = if administrator { Addresses::All } else { Addresses::Of(caller.user.id) };
    let found = search(&app, &Search { query: &query, room, all, addresses, page, limit })?;
    let (users, next) = found.ok_or_else(|| Problem::not_found("User"))?;
    let mut response = Json(users).into_response();
    if let Some(link) = next.and_then(|next| link(&query, room, all, limit, next)) {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

/// Where the list goes on.
fn link(
    query: &str,
    room: Option<RoomId>,
    all: bool,
    limit: usize,
    next: Page,
) -> Option<HeaderValue> {
    let mut link = format!("</api/v1/users?limit={limit}");
    if !query.is_empty() {
        link += &format!("&query={}", rails_compat::percent_encode_cookie(query));
    }
    if let Some(room) = room {
        link += &format!("&room_id={}", room.0);
    }
    if all {
        link += "&status=all";
    }
    match next {
        Page::First => return None,
        Page::After(id) => link += &format!("&after={}", id.0),
        Page::Before(id) => link += &format!("&before={}", id.0),
    }
    HeaderValue::from_str(&(link + ">; rel=\"next\"")).ok()
}

/// A user, with the address that only they and administrators see.
#[derive(Serialize, ToSchema)]
struct Profile {
    #[serde(flatten)]
    user: Arc<User>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_address: Option<String>,
}

/// One user
#[utoipa::path(get, operation_id = "show_user", path = "/api/v1/users/{user_id}", tag = "users", params(("user_id" = i64, Path)), responses(
    (status = 200, body = Profile),
    (status = 404, description = "Nobody has this number"),
))]
async fn show(
    caller: SignedIn,
    Segment(id): Segment<i64>,
    State(app): State<App>,
) -> Result<Json<Profile>, Problem> {
    let user =
        app.state::<Users>().find(&app, UserId(id))?.ok_or_else(|| Problem::not_found("User"))?;
    let may_see = caller.user.id == user.id || caller.user.role == Role::Administrator;
    let email_address = if may_see {
        app.db.read(|reader| user_store::email_address(reader, user.id))?
    } else {
        None
    };
    Ok(Json(Profile { user, email_address }))
}

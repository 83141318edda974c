//! Endpoints for the user directory.

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

const DEFAULT_LIMIT: usize = 20;
const MAX_LIMIT: usize = 500;
/// Characters; names are no longer.
const MAX_QUERY: usize = 100;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchQuery {
    /// A part of the name; case and accents do not matter.
    query: Option<String>,
    /// Only members of this room, recent authors first.
    room_id: Option<i64>,
    /// Users per page, 1 to 500. Defaults to 20.
    limit: Option<usize>,
    /// Users after this one in the list.
    after: Option<i64>,
    /// Users before this one in the list.
    before: Option<i64>,
    /// `active` (default), or `all` to include deactivated and banned users. Only administrators can
    /// use `all`.
    status: Option<String>,
}

/// List or search users by name
///
/// Includes bots and yourself.
#[utoipa::path(get, operation_id = "list_users", path = "/api/v1/users", tag = "users", params(SearchQuery), responses(
    (status = 200, body = Vec<Mentionable>, headers(("Link" = String, description = "rel=\"next\" if there are more"))),
    (status = 403, description = "Only administrators can list all users"),
    (status = 404, description = "No such room, or you are not a member; or no such user in the list"),
    (status = 422, description = "Invalid query parameters"),
))]
async fn list(
    caller: SignedIn,
    State(app): State<App>,
    query: Result<Query<SearchQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let unprocessable = |text: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, text);
    let Query(params) = query
        .map_err(|_| unprocessable("room_id, limit, after and before must be numbers.".into()))?;
    let limit = params.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(unprocessable(format!("limit must be a number from 1 to {MAX_LIMIT}.")));
    }
    let query = params.query.unwrap_or_default();
    if query.chars().count() > MAX_QUERY {
        return Err(unprocessable(format!("query must have at most {MAX_QUERY} characters.")));
    }
    let page = match (params.after, params.before) {
        (None, None) => Page::First,
        (Some(id), None) => Page::After(UserId(id)),
        (None, Some(id)) => Page::Before(UserId(id)),
        (Some(_), Some(_)) => {
            return Err(unprocessable("Use only one of after and before.".into()));
        }
    };
    let administrator = caller.user.role == Role::Administrator;
    let all = match params.status.as_deref() {
        None | Some("active") => false,
        Some("all") if administrator => true,
        Some("all") => return Err(SessionError::NotAdministrator.into()),
        Some(_) => return Err(unprocessable("status must be active or all.".into())),
    };
    let room = params.room_id.map(RoomId);
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

/// The `Link` header of the next page.
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

/// A user, with the email address that only they and administrators see.
#[derive(Serialize, ToSchema)]
struct Profile {
    #[serde(flatten)]
    user: Arc<User>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_address: Option<String>,
}

/// Show a user
#[utoipa::path(get, operation_id = "show_user", path = "/api/v1/users/{user_id}", tag = "users", params(("user_id" = i64, Path)), responses(
    (status = 200, body = Profile),
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

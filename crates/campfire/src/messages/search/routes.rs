//! Searching over HTTP.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Query as QueryString, State};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::query::{MAX_QUERY, Query};
use super::service::{PAGE, Request, search};
use super::{FoundMessage, RecentSearch, SearchError, store};
use crate::core::app::App;
use crate::core::ids::{RoomId, UserId};
use crate::http::json::JsonBody;
use crate::identity::sessions::extractors::SignedIn;

/// Recent searches kept for each person, as in Campfire.
const RECENT: u32 = 10;

/// The routes of searches.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(find)).routes(routes!(recent, note, forget))
}

/// Searching is switched on.
struct Enabled;

impl FromRequestParts<App> for Enabled {
    type Rejection = SearchError;

    async fn from_request_parts(_: &mut Parts, app: &App) -> Result<Self, SearchError> {
        if app.config.search_enabled { Ok(Self) } else { Err(SearchError::Off) }
    }
}

/// What to look for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchQuery {
    /// Words, which must all be there, the last of them perhaps as a beginning; "phrases"; and
    /// filters: `from:name`, `in:room`, `before:2026-01-31`, `after:2026-01-31`, `has:link`,
    /// `has:file`, `has:sound`, `has:mention`; names with spaces in quotes. At most 512
    /// characters, 32 words and 16 filters.
    #[serde(default)]
    q: String,
    /// Only in this room.
    room_id: Option<i64>,
    /// Only by this person: a number, or a name.
    from: Option<String>,
    /// Only messages before this one (a number), or before this day.
    before: Option<String>,
    /// Only messages after this one (a number), or after this day.
    after: Option<String>,
    /// Only messages that have this: link, file, sound or mention.
    has: Option<String>,
    /// Messages per page, 1 to 100.
    limit: Option<usize>,
}

impl SearchQuery {
    fn request(&self) -> Result<Request, SearchError> {
        let mut query =
            Query::parse(&self.q).map_err(|problem| SearchError::rejected("q", problem))?;
        let (mut below, mut above, mut author) = (i64::MAX, 0, None);
        let filters = [
            ("from", &self.from),
            ("before", &self.before),
            ("after", &self.after),
            ("has", &self.has),
        ];
        for (name, value) in
            filters.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)))
        {
            if value.chars().count() > MAX_QUERY {
                return Err(SearchError::rejected(name, "This is too long."));
            }
            match (name, value.parse::<i64>()) {
                ("from", Ok(id)) => author = Some(UserId(id)),
                ("before", Ok(id)) => below = id,
                ("after", Ok(id)) => above = id,
                _ if query.filter(name, value) => {}
                ("from", _) => {
                    return Err(SearchError::rejected(
                        name,
                        "from must be a person's number or name.",
                    ));
                }
                ("has", _) => {
                    return Err(SearchError::rejected(
                        name,
                        "has must be link, file, sound or mention.",
                    ));
                }
                _ => {
                    return Err(SearchError::rejected(
                        name,
                        format!("{name} must be a message's number or a day such as 2026-01-31."),
                    ));
                }
            }
        }
        let limit = match self.limit.unwrap_or(PAGE) {
            limit @ 1..=PAGE => limit,
            _ => {
                return Err(SearchError::rejected(
                    "limit",
                    format!("limit must be a number from 1 to {PAGE}."),
                ));
            }
        };
        Ok(Request { query, room: self.room_id.map(RoomId), author, below, above, limit })
    }

    /// The address of the next page.
    fn next(&self, before: i64, query: &Query) -> String {
        let mut next = "/api/v1/searches?q=".to_owned();
        let mut q = self.q.clone();
        // The cursor takes the place of a day, which then stands in the query itself.
        let by_day = self.before.as_ref().is_some_and(|before| before.parse::<i64>().is_err());
        if let (Some(day), true) = (query.before, by_day) {
            q.push_str(&format!(" before:{day}"));
        }
        push_encoded(&mut next, &q);
        for (name, value) in [("from", &self.from), ("after", &self.after), ("has", &self.has)] {
            if let Some(value) = value {
                next.push_str(&format!("&{name}="));
                push_encoded(&mut next, value);
            }
        }
        for (name, value) in [
            ("room_id", self.room_id),
            ("limit", self.limit.and_then(|limit| i64::try_from(limit).ok())),
        ] {
            if let Some(value) = value {
                next.push_str(&format!("&{name}={value}"));
            }
        }
        next.push_str(&format!("&before={before}"));
        next
    }
}

fn push_encoded(out: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte))
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
}

/// Messages in one's rooms: the newest hundred that match, oldest first
///
/// Newest is what was stored last. Where looking through many messages takes long a page may hold
/// fewer, even none, and still have a next one.
#[utoipa::path(get, operation_id = "search_messages", path = "/api/v1/searches", tag = "searches", params(SearchQuery), responses(
    (status = 200, body = Vec<FoundMessage>, headers(("Link" = String, description = "rel=\"next\" where there may be more"))),
    (status = 403, description = "Searching is switched off"),
    (status = 422, description = "Too long, or a value that makes no sense"),
))]
async fn find(
    caller: SignedIn,
    _: Enabled,
    State(app): State<App>,
    query: Result<QueryString<SearchQuery>, QueryRejection>,
) -> Result<Response, SearchError> {
    let QueryString(asked) =
        query.map_err(|_| SearchError::rejected("q", "room_id and limit must be numbers."))?;
    let request = asked.request()?;
    let parsed = request.query.clone();
    let page = search(&app, &caller.user, request).await?;
    let mut response = ([(header::CONTENT_TYPE, "application/json")], page.body).into_response();
    if let Some(next) = page.next
        && let Ok(link) =
            HeaderValue::from_str(&format!("<{}>; rel=\"next\"", asked.next(next, &parsed)))
    {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

/// One's recent searches, the latest first, at most ten
#[utoipa::path(get, operation_id = "list_recent_searches", path = "/api/v1/searches/recent", tag = "searches", responses(
    (status = 200, body = Vec<RecentSearch>),
    (status = 403, description = "Searching is switched off"),
))]
async fn recent(
    caller: SignedIn,
    _: Enabled,
    State(app): State<App>,
) -> Result<Json<Vec<RecentSearch>>, SearchError> {
    let rows = app.db.read(|reader| store::recent(reader, caller.user.id, RECENT))?;
    Ok(Json(rows.into_iter().map(RecentSearch::from).collect()))
}

/// What one searched for.
#[derive(Deserialize, ToSchema)]
struct NewRecentSearch {
    /// 1 to 512 characters.
    query: String,
}

/// Note what one searched for; the same again only moves to the top
#[utoipa::path(post, operation_id = "note_recent_search", path = "/api/v1/searches/recent", tag = "searches", request_body = NewRecentSearch, responses(
    (status = 201, body = RecentSearch),
    (status = 200, body = RecentSearch, description = "It was among them already"),
    (status = 403, description = "Searching is switched off"),
    (status = 422, description = "Empty or too long"),
))]
async fn note(
    caller: SignedIn,
    _: Enabled,
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
    let (new, row) = app
        .db
        .write(move |tx| {
            let new = store::note_recent(tx, user, &query, now, RECENT)?;
            Ok::<_, db::Error>((new, store::recent(tx, user, 1)?.into_iter().next()))
        })
        .await?;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(row.map(RecentSearch::from))).into_response())
}

/// Forget one's recent searches
#[utoipa::path(delete, operation_id = "forget_recent_searches", path = "/api/v1/searches/recent", tag = "searches", responses(
    (status = 204, description = "Forgotten"),
    (status = 403, description = "Searching is switched off"),
))]
async fn forget(
    caller: SignedIn,
    _: Enabled,
    State(app): State<App>,
) -> Result<StatusCode, SearchError> {
    let user = caller.user.id;
    app.db.write(move |tx| store::forget_recent(tx, user)).await?;
    Ok(StatusCode::NO_CONTENT)
}

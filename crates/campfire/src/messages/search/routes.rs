//! Search over HTTP.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query as QueryString, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extractors::SearchEnabled;
use super::query::{MAX_QUERY, Query, Request};
use super::{FoundMessage, SearchError, service};
use crate::core::app::App;
use crate::core::ids::{RoomId, UserId};
use crate::identity::sessions::extractors::SignedIn;

/// Messages in a page, as in Campfire.
const PAGE: usize = 100;

/// The routes of search.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(search))
}

/// Search messages in your rooms: the newest hundred matches, oldest first
///
/// Newest means stored last. When a search takes long, a page may hold fewer messages, or none, and
/// still have a next page.
#[utoipa::path(get, operation_id = "search_messages", path = "/api/v1/searches", tag = "searches", params(SearchParams), responses(
    (status = 200, body = Vec<FoundMessage>, headers(("Link" = String, description = "rel=\"next\" if there may be more"))),
    (status = 403, description = "Search is turned off"),
    (status = 422, description = "The query is too long, or a parameter is invalid"),
))]
async fn search(
    caller: SignedIn,
    _: SearchEnabled,
    State(app): State<App>,
    params: Result<QueryString<SearchParams>, QueryRejection>,
) -> Result<Response, SearchError> {
    let QueryString(params) =
        params.map_err(|_| SearchError::rejected("q", "room_id and limit must be numbers."))?;
    let request = params.to_request()?;
    let last_day = request.query.before;
    let page = service::search(&app, &caller.user, request).await?;
    let mut response = ([(header::CONTENT_TYPE, "application/json")], page.body).into_response();
    if let Some(before) = page.next
        && let Ok(link) =
            HeaderValue::from_str(&format!("<{}>; rel=\"next\"", params.next_url(before, last_day)))
    {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

/// The parameters of a search.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchParams {
    /// Words that must all occur (the last one also matches longer words that begin with it),
    /// "phrases", and filters: `from:name`, `in:room`, `before:2026-01-31`, `after:2026-01-31`,
    /// `has:link`, `has:file`, `has:sound`, `has:mention`. Put names with spaces in quotes. At most
    /// 512 characters, 32 words and 16 filters.
    #[serde(default)]
    q: String,
    /// Only messages in this room.
    room_id: Option<i64>,
    /// Only messages by this user: an ID or a name.
    from: Option<String>,
    /// Only messages before this one (an ID), or before this day.
    before: Option<String>,
    /// Only messages after this one (an ID), or after this day.
    after: Option<String>,
    /// Only messages that have this: link, file, sound or mention.
    has: Option<String>,
    /// Messages per page, 1 to 100.
    limit: Option<usize>,
}

impl SearchParams {
    fn to_request(&self) -> Result<Request, SearchError> {
        let mut query =
            Query::parse(&self.q).map_err(|message| SearchError::rejected("q", message))?;
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
                _ if query.add_filter(name, value) => {}
                _ => return Err(SearchError::rejected(name, expected_value(name))),
            }
        }
        let limit = self.limit.unwrap_or(PAGE);
        if !(1..=PAGE).contains(&limit) {
            return Err(SearchError::rejected(
                "limit",
                format!("limit must be a number from 1 to {PAGE}."),
            ));
        }
        Ok(Request { query, room: self.room_id.map(RoomId), author, below, above, limit })
    }

    /// The URL of the next page: the same parameters, continued below the message `before`.
    /// `last_day` is the day that the whole search is limited to.
    fn next_url(&self, before: i64, last_day: Option<jiff::civil::Date>) -> String {
        let mut q = self.q.clone();
        // The cursor replaces a day in `before`, so the day moves into the query.
        let by_day = self.before.as_ref().is_some_and(|before| before.parse::<i64>().is_err());
        if let (Some(day), true) = (last_day, by_day) {
            q.push_str(&format!(" before:{day}"));
        }
        let mut url = format!("/api/v1/searches?q={}", percent_encode(&q));
        for (name, value) in [("from", &self.from), ("after", &self.after), ("has", &self.has)] {
            if let Some(value) = value {
                url.push_str(&format!("&{name}={}", percent_encode(value)));
            }
        }
        if let Some(room) = self.room_id {
            url.push_str(&format!("&room_id={room}"));
        }
        if let Some(limit) = self.limit {
            url.push_str(&format!("&limit={limit}"));
        }
        url.push_str(&format!("&before={before}"));
        url
    }
}

fn expected_value(filter: &str) -> String {
    match filter {
        "from" => "from must be a user's ID or name.".into(),
        "has" => "has must be link, file, sound or mention.".into(),
        _ => format!("{filter} must be a message ID or a day such as 2026-01-31."),
    }
}

fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte));
            }
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

//! One search from the parsed request to the page. The search itself, memberships and all rows come
//! from one database snapshot.

use std::sync::Arc;
use std::time::{Duration, Instant};

use db::Reader;

use super::executor;
use super::highlight::Highlighter;
use super::plan::Plan;
use super::query::Request;
use super::response::{self, Hit, Hits, Page};
use super::room_index::{Entries, RoomIndex};
use super::{SearchError, store};
use crate::core::app::App;
use crate::core::ids::UserId;
use crate::identity::users::User;
use crate::messages::pages::Version;
use crate::messages::store as message_store;

/// How long a search checks messages before it ends the page early.
const SCAN_TIME: Duration = Duration::from_millis(400);
/// How long a search may take, including the wait for a reader thread.
const TIME_LIMIT: Duration = Duration::from_secs(5);

/// Searches the rooms of `viewer`.
///
/// # Errors
/// When the database fails or the search exceeds its time limit.
pub async fn search(app: &App, viewer: &Arc<User>, request: Request) -> Result<Page, SearchError> {
    if request.is_empty() {
        return Ok(Page::empty());
    }
    // Taken before the snapshot: what is rendered from later data must not be cached as older.
    let version = Version::now(app);
    let entries = app.state::<RoomIndex>().entries(app);
    let highlighter = Highlighter::new(&request.query);
    let user = viewer.id;
    let hits =
        app.db.read_long(TIME_LIMIT, move |reader| hits(reader, user, &request, &entries)).await?;
    Ok(response::render(app, viewer, hits, &highlighter, version)?)
}

fn hits(
    reader: &Reader<'_>,
    user: UserId,
    request: &Request,
    entries: &Entries,
) -> Result<Hits, db::Error> {
    entries.catch_up(reader)?;
    let plan = Plan::new(reader, user, request)?;
    let found = executor::run(reader, &plan, &entries.view(), Instant::now() + SCAN_TIME)?;
    let mut messages = Vec::with_capacity(found.messages.len());
    for (id, room) in found.messages {
        if let Some(row) = message_store::find(reader, room, id)? {
            messages.push(Hit { room, row, text: store::indexed_text(reader, id)? });
        }
    }
    messages.sort_unstable_by_key(|hit| (hit.row.created_at, hit.row.id));
    let ids = messages.iter().map(|hit| hit.row.id).collect::<Vec<_>>();
    Ok(Hits { boosts: message_store::boosts_of(reader, &ids)?, messages, next: found.next })
}

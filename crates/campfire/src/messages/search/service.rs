//! A search from what was typed to the answer: names become rooms and people, messages are found
//! and read in one snapshot, then rendered.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use db::Reader;

use super::SearchError;
use super::executor::{self, Wanted};
use super::highlight::{Marker, folded};
use super::query::Query;
use super::room_index::{Known, Whereabouts};
use super::store;
use crate::core::app::App;
use crate::core::ids::{RoomId, UserId};
use crate::identity::users::User;
use crate::messages::pages::{PageCache, Version, to_json};
use crate::messages::rendering::by_message;
use crate::messages::store::{self as message_store, BoostRow, MessageRow};
use crate::rooms::views::{RoomLabel, label};

/// Messages in a page, as in Campfire.
pub const PAGE: usize = 100;
/// How long messages are looked through before a page ends early.
const LOOKING: Duration = Duration::from_millis(400);
/// How long a search may take, with waiting for its turn.
const TIME_LIMIT: Duration = Duration::from_secs(5);

/// What is asked for besides the query.
#[derive(Debug, Clone)]
pub struct Request {
    /// What was typed, with the filters that came beside it.
    pub query: Query,
    /// Only this room.
    pub room: Option<RoomId>,
    /// Only what one of these said.
    pub author: Option<UserId>,
    /// Only messages with numbers below this one.
    pub below: i64,
    /// Only messages with numbers above this one.
    pub above: i64,
    /// How many at most.
    pub limit: usize,
}

/// A page of what was found.
pub struct Page {
    /// As JSON.
    pub body: Bytes,
    /// Below which number to go on, if there may be more.
    pub next: Option<i64>,
}

/// What the snapshot holds of the messages of a page.
struct Read {
    rows: Vec<(RoomId, MessageRow, String)>,
    boosts: Vec<BoostRow>,
    next: Option<i64>,
}

/// Searches for one person.
///
/// # Errors
/// When the database does not answer, or not in time.
pub async fn search(app: &App, viewer: &Arc<User>, request: Request) -> Result<Page, SearchError> {
    if request.query.is_empty() && request.room.is_none() && request.author.is_none() {
        return Ok(Page { body: Bytes::from_static(b"[]"), next: None });
    }
    let version = Version::now(app);
    let whereabouts = app.state::<Whereabouts>();
    whereabouts.load(app);
    let (known, user) = (whereabouts.known(), viewer.id);
    let marker = Marker::new(&request.query);
    let read =
        app.db.read_long(TIME_LIMIT, move |reader| read(reader, user, &request, &known)).await?;
    let mut boosts = by_message(read.boosts);
    let mut labels: HashMap<RoomId, Option<RoomLabel>> = HashMap::new();
    let mut body = Vec::with_capacity(read.rows.len() * 1024 + 2);
    body.push(b'[');
    for (room, row, words) in read.rows {
        let label = match labels.entry(room) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(label(app, viewer, room)?),
        };
        // Who was removed from the room meanwhile does not get to see it any more.
        let Some(label) = label else { continue };
        let message = app.state::<PageCache>().message(app, room, row, &mut boosts, version)?;
        if body.len() > 1 {
            body.push(b',');
        }
        // An object is continued: its last byte is the brace.
        body.extend_from_slice(&message[..message.len() - 1]);
        body.extend_from_slice(b",\"room\":");
        body.extend_from_slice(&to_json(label));
        body.extend_from_slice(b",\"snippet\":");
        body.extend_from_slice(&to_json(&marker.snippet(&words)));
        body.push(b'}');
    }
    body.push(b']');
    Ok(Page { body: body.into(), next: read.next })
}

fn read(
    reader: &Reader<'_>,
    user: UserId,
    request: &Request,
    known: &Known,
) -> Result<Read, db::Error> {
    known.catch_up(reader)?;
    let wanted = wanted(reader, user, request)?;
    let found = executor::find(reader, &wanted, &known.view(), Instant::now() + LOOKING)?;
    let mut rows = Vec::with_capacity(found.messages.len());
    for (id, room) in found.messages {
        if let Some(row) = message_store::find(reader, room, id)? {
            rows.push((room, row, store::words(reader, id)?));
        }
    }
    // The oldest first, as people read.
    rows.sort_unstable_by_key(|(_, row, _)| (row.created_at, row.id));
    let plain = rows.iter().map(|(_, row, _)| row.id).collect::<Vec<_>>();
    Ok(Read { boosts: message_store::boosts_of(reader, &plain)?, rows, next: found.next })
}

fn wanted(reader: &Reader<'_>, user: UserId, request: &Request) -> Result<Wanted, db::Error> {
    let query = &request.query;
    let mut rooms =
        store::rooms_of(reader, user)?.into_iter().map(|room| room.0).collect::<HashSet<_>>();
    if let Some(room) = request.room {
        rooms.retain(|own| *own == room.0);
    }
    if !query.rooms.is_empty() {
        let named = named(store::room_names(reader, user)?, &query.rooms);
        rooms.retain(|room| named.contains(&RoomId(*room)));
    }
    let mut authors = match query.from.is_empty() {
        true => None,
        false => {
            let mut authors = named(store::user_names(reader)?, &query.from);
            if query.from.iter().any(|name| name.eq_ignore_ascii_case("me")) {
                authors.insert(user);
            }
            Some(authors)
        }
    };
    if let Some(author) = request.author {
        authors = Some(match authors {
            Some(named) if !named.contains(&author) => HashSet::new(),
            _ => HashSet::from([author]),
        });
    }
    let midnight = |day: jiff::civil::Date| format!("{day} 00:00:00");
    Ok(Wanted {
        expression: query.expression(),
        rooms,
        authors,
        before: query.before.map(midnight),
        // The day itself is not after it.
        since: query.after.map(|day| midnight(day.tomorrow().unwrap_or(jiff::civil::Date::MAX))),
        has: query.has.clone(),
        below: request.below,
        above: request.above,
        limit: request.limit,
    })
}

/// Who or what one of these names means: of those called exactly so, else of those of whom a part
/// of the name begins so.
fn named<Id: Copy + Eq + std::hash::Hash>(
    names: Vec<(Id, String)>,
    wanted: &[String],
) -> HashSet<Id> {
    let names = names.into_iter().map(|(id, name)| (id, folded(&name))).collect::<Vec<_>>();
    let mut found = HashSet::new();
    for wanted in wanted {
        let wanted = folded(wanted);
        let begins = |name: &str| {
            name.match_indices(wanted.as_str())
                .any(|(at, _)| at == 0 || !name[..at].ends_with(char::is_alphanumeric))
        };
        let exact =
            names.iter().filter(|(_, name)| *name == wanted).map(|(id, _)| *id).collect::<Vec<_>>();
        match exact.is_empty() {
            true => found.extend(names.iter().filter(|(_, name)| begins(name)).map(|(id, _)| *id)),
            false => found.extend(exact),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_met_whole_or_by_the_beginning_of_a_part() {
        let names = || {
            vec![
                (1, "Ada Lovelace".to_owned()),
                (2, "Ada".to_owned()),
                (3, "Élan Ng".to_owned()),
                (4, "Canada".to_owned()),
            ]
        };
        let found = |name: &str| {
            let mut found = named(names(), &[name.to_owned()]).into_iter().collect::<Vec<_>>();
            found.sort_unstable();
            found
        };
        assert_eq!(found("ada"), [2]);
        assert_eq!(found("AD"), [1, 2]);
        assert_eq!(found("love"), [1]);
        assert_eq!(found("ada lovelace"), [1]);
        assert_eq!(found("elan"), [3]);
        assert_eq!(found("nobody"), Vec::<i32>::new());
    }
}

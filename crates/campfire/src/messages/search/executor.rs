//! Runs a plan: finds the matching messages, newest first, of the rooms that the user is a member of
//! in this snapshot.
//!
//! "Newest" means the highest ID: the order in which this database stored the messages. Imported
//! messages may have timestamps in another order; they are still returned by ID.
//!
//! The FTS5 index returns matches of all rooms by ID. Matches in rooms that are not searched are
//! skipped with a look into the room index. After many of them in a row, the search looks up the
//! newest remaining message of the searched rooms (or authors) and continues there. Blocks of
//! messages from other days are skipped with the room index, too. So neither a word that half of
//! all messages contain nor rooms that are never searched make a search slow. As a last resort the
//! time is limited: the page ends early and says where to continue.

use std::collections::BTreeMap;
use std::time::Instant;

use db::Reader;

use super::match_expression::MatchExpression;
use super::plan::Plan;
use super::query::HasFilter;
use super::room_index::View;
use super::store::{self, Owner, Source};
use crate::core::ids::{MessageId, RoomId};

/// Consecutive matches in other rooms before the search looks up where to continue; they cost about
/// as much as that lookup.
const SKIP_AFTER: u32 = 512;
/// The same for matches by other authors, each of which costs a database lookup.
const SKIP_AFTER_BY_AUTHOR: u32 = 64;
/// A skip over fewer messages than this did not pay off.
const WORTHWHILE_SKIP: i64 = SKIP_AFTER as i64 * 8;
/// Messages between two checks of the deadline.
const CHECK_DEADLINE_EVERY: u32 = 64;
/// A prefix whose terms fill at most this many index pages is cheap.
const CHEAP_PREFIX_PAGES: i64 = 8;
/// A prefix whose terms fill more index pages than this (some hundred thousand terms) is not
/// searched.
const MAX_PREFIX_PAGES: i64 = 4_096;
/// Terms that an expensive prefix is expanded to.
const MAX_EXPANSION: usize = 8;

/// The result of a search.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Newest first.
    pub messages: Vec<(MessageId, RoomId)>,
    /// The ID below which the next page starts, if there may be one.
    pub next: Option<i64>,
}

/// Searches until the page is full or the deadline has passed.
///
/// # Errors
/// When the database fails.
pub fn run(
    reader: &Reader<'_>,
    plan: &Plan,
    view: &View,
    deadline: Instant,
) -> Result<Found, db::Error> {
    if plan.is_empty() {
        return Ok(Found::default());
    }
    let mut search = Search {
        reader,
        plan,
        view,
        owners: NewestOfOwners::new(reader, plan),
        deadline,
        checked: 0,
        found: Found::default(),
    };
    let single_author =
        plan.authors.as_ref().filter(|authors| authors.len() == 1).and_then(|a| a.iter().next());
    match (&plan.expression, single_author) {
        (Some(expression), _) => search.expression(expression)?,
        (None, _) if plan.has.contains(&HasFilter::File) => search.source(&Source::Files)?,
        (None, Some(author)) => search.source(&Source::Author(*author))?,
        (None, None) => search.owners()?,
    }
    Ok(search.found)
}

struct Search<'a> {
    reader: &'a Reader<'a>,
    plan: &'a Plan,
    view: &'a View,
    owners: NewestOfOwners<'a>,
    deadline: Instant,
    checked: u32,
    found: Found,
}

impl Search<'_> {
    /// Searches the index. The last word matches as a prefix. Where that is expensive, the search
    /// tries the exact word first; if it does not fill the page, it tries the terms with the prefix
    /// one by one if they are few, and otherwise the prefix.
    fn expression(&mut self, expression: &MatchExpression) -> Result<(), db::Error> {
        let uses_cjk = expression.uses_cjk;
        let source = |expression: &str| match uses_cjk {
            true => Source::CjkIndex(expression.to_owned()),
            false => Source::Index(expression.to_owned()),
        };
        let (Some(prefix), Some(last_term)) = (&expression.prefix, &expression.last_term) else {
            return self.source(&source(&expression.exact));
        };
        let pages = store::prefix_pages(self.reader, uses_cjk, last_term)?;
        if pages <= CHEAP_PREFIX_PAGES {
            return self.source(&source(prefix));
        }
        self.source(&source(&expression.exact))?;
        if self.found.next.is_some() {
            return Ok(());
        }
        let terms = store::prefix_terms(self.reader, uses_cjk, last_term, MAX_EXPANSION)?;
        if terms.as_ref().is_some_and(|terms| terms.iter().all(|term| term == last_term)) {
            return Ok(());
        }
        // FTS5 returns the positions of a whole term as they are needed, but those of a prefix only
        // all at once.
        if let Some(expanded) = terms.and_then(|terms| expression.with_last_term_in(&terms)) {
            self.found = Found::default();
            return self.source(&source(&expanded));
        }
        if pages <= MAX_PREFIX_PAGES {
            self.found = Found::default();
            self.source(&source(prefix))?;
        }
        Ok(())
    }

    /// Checks the messages of a source, newest first.
    fn source(&mut self, source: &Source) -> Result<(), db::Error> {
        let mut statement = store::open_source(self.reader, source)?;
        let mut from = self.plan.below.saturating_sub(1);
        let initial_threshold =
            if self.plan.authors.is_some() { SKIP_AFTER_BY_AUTHOR } else { SKIP_AFTER };
        let mut threshold = initial_threshold;
        'seek: loop {
            let mut rows = store::seek_source(&mut statement, source, from)?;
            let mut misses = 0;
            while let Some(row) = rows.next()? {
                let id = row.get(0)?;
                if self.is_done(id) {
                    return Ok(());
                }
                let candidate = self.skip_other_days(id);
                if candidate < id {
                    from = candidate;
                    continue 'seek;
                }
                if self.check(MessageId(id))? {
                    misses = 0;
                    continue;
                }
                misses += 1;
                if misses < threshold {
                    continue;
                }
                let Some(next) = self.owners.newest(id - 1)? else { return Ok(()) };
                threshold = if id - next < WORTHWHILE_SKIP {
                    threshold.saturating_mul(2)
                } else {
                    initial_threshold
                };
                from = next;
                continue 'seek;
            }
            return Ok(());
        }
    }

    /// Checks all messages of the searched rooms or authors, newest first.
    fn owners(&mut self) -> Result<(), db::Error> {
        let mut from = self.plan.below.saturating_sub(1);
        while let Some(id) = self.owners.newest(from)? {
            if self.is_done(id) {
                break;
            }
            from = self.skip_other_days(id);
            if from == id {
                self.check(MessageId(id))?;
                from -= 1;
            }
        }
        Ok(())
    }

    /// The highest ID up to this one that may be of a searched day, according to the room index.
    fn skip_other_days(&self, id: i64) -> i64 {
        let plan = self.plan;
        if plan.before.is_none() && plan.since.is_none() {
            return id;
        }
        self.view.newest_between(id, plan.since.as_deref(), plan.before.as_deref())
    }

    /// Whether the search ends before this message: the page is full, the deadline has passed, or
    /// the message is out of range. Notes where the next page starts.
    fn is_done(&mut self, id: i64) -> bool {
        self.checked += 1;
        if id <= self.plan.above {
            return true;
        }
        if self.found.messages.len() >= self.plan.limit {
            self.found.next = self.found.messages.last().map(|(oldest, _)| oldest.0);
        } else if self.checked.is_multiple_of(CHECK_DEADLINE_EVERY)
            && Instant::now() >= self.deadline
        {
            self.found.next = Some(id + 1);
        }
        self.found.next.is_some()
    }

    /// Adds a message to the page if it meets the plan's conditions. `false` if it is in a room that
    /// is not searched, or by another author.
    fn check(&mut self, id: MessageId) -> Result<bool, db::Error> {
        let plan = self.plan;
        if self.view.room(id).is_some_and(|room| !plan.rooms.contains(&room)) {
            return Ok(false);
        }
        // The room index only rules messages out; the snapshot decides.
        let Some(message) = store::find_candidate(self.reader, id)? else { return Ok(true) };
        if !plan.rooms.contains(&message.room) {
            return Ok(false);
        }
        if plan.authors.as_ref().is_some_and(|authors| !authors.contains(&message.author)) {
            return Ok(false);
        }
        let in_time = plan.before.as_ref().is_none_or(|before| message.created_at < *before)
            && plan.since.as_ref().is_none_or(|since| message.created_at >= *since);
        if in_time && self.has_all(id)? {
            self.found.messages.push((id, message.room));
        }
        Ok(true)
    }

    fn has_all(&self, id: MessageId) -> Result<bool, db::Error> {
        if self.plan.has.is_empty() {
            return Ok(true);
        }
        let (html, has_file) = store::contents(self.reader, id)?;
        Ok(self.plan.has.iter().all(|has| match has {
            HasFilter::Link => {
                ["https://", "http://", "mailto:"].iter().any(|scheme| html.contains(scheme))
            }
            HasFilter::File => has_file,
            HasFilter::Sound => is_sound(&html),
            HasFilter::Mention => html.contains("application/vnd.campfire.mention"),
        }))
    }
}

fn is_sound(html: &str) -> bool {
    // Spares most messages the parser.
    html.contains("/play ")
        && crate::messages::sounds::from_text(&rich_text::Body::parse(html).plain_text(&NoMentions))
            .is_some()
}

/// The text of a sound contains no mentions.
struct NoMentions;

impl rich_text::Mentions for NoMentions {
    fn user(&self, _: &str) -> Option<rich_text::Mentioned> {
        None
    }
}

/// Walks the messages of the searched rooms, or of the searched authors, without reading any other.
struct NewestOfOwners<'a> {
    reader: &'a Reader<'a>,
    /// Owners by the ID of their newest remaining message. `i64::MAX`, and an ID that was passed,
    /// stand for one that has to be looked up.
    by_newest: BTreeMap<(i64, i64), Owner>,
}

impl<'a> NewestOfOwners<'a> {
    fn new(reader: &'a Reader<'a>, plan: &Plan) -> Self {
        let owners: Vec<(i64, Owner)> = match &plan.authors {
            Some(authors) => {
                authors.iter().map(|author| (author.0, Owner::Author(*author))).collect()
            }
            None => plan.rooms.iter().map(|room| (room.0, Owner::Room(*room))).collect(),
        };
        let by_newest = owners.into_iter().map(|(id, owner)| ((i64::MAX, id), owner)).collect();
        Self { reader, by_newest }
    }

    /// The newest message from the ID `from` down. Later calls must not ask for higher IDs.
    fn newest(&mut self, from: i64) -> Result<Option<i64>, db::Error> {
        while let Some(entry) = self.by_newest.last_entry() {
            let (newest, owner_id) = *entry.key();
            if newest <= from {
                return Ok(Some(newest));
            }
            let owner = entry.remove();
            if let Some(newest) = store::newest_of(self.reader, owner, from)? {
                self.by_newest.insert((newest, owner_id), owner);
            }
        }
        Ok(None)
    }
}

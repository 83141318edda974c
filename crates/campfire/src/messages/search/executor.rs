//! Finding: which messages a query means, newest first, of the rooms that the searcher is in at the
//! moment of the snapshot.
//!
//! "Newest" is the number: the order in which this database stored the messages. Where imported
//! messages have other moments, they still come in the order of their numbers.
//!
//! The index gives matches of everybody's rooms by number. Those the searcher may not see are
//! passed over by a look into memory; after a long stretch of them the search asks for the newest
//! message of the searcher's own rooms (or of the wanted author) that is left, and goes on there.
//! Whole stretches of other days are passed over by a look into memory, too. So neither a word that
//! half the installation uses nor rooms that are never searched make it slow. What is left of
//! slowness is cut by time: the page ends early and says where to go on.

use std::collections::{BTreeMap, HashSet};
use std::time::Instant;

use db::Reader;

use super::query::{Expression, Has};
use super::room_index::View;
use super::store::{self, Owner, Source};
use crate::core::ids::{MessageId, RoomId, UserId};

/// Matches in other people's rooms in a row before the search looks where to go on; about the price
/// of that look.
const STRETCH: u32 = 512;
/// The same for matches by other people, each of which costs a look into the database.
const STRETCH_OF_OTHERS: u32 = 64;
/// Messages between two looks at the clock.
const LOOK: u32 = 64;
/// Pages of the index that are read for all words with a beginning without a second thought.
const FEW_PAGES: i64 = 8;
/// Words with a beginning that are asked for one by one at most.
const FEW_WORDS: usize = 8;
/// Pages that are read at most: some hundred thousand words.
const MOST_PAGES: i64 = 4_096;

/// What is looked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The words.
    pub expression: Option<Expression>,
    /// The rooms that are searched; the searcher is in all of them.
    pub rooms: HashSet<i64>,
    /// The authors, of whom one must have said it.
    pub authors: Option<HashSet<UserId>>,
    /// Said before this moment, as stored.
    pub before: Option<String>,
    /// Said at this moment or later, as stored.
    pub since: Option<String>,
    /// What it must have.
    pub has: Vec<Has>,
    /// Only messages with numbers below this one.
    pub below: i64,
    /// Only messages with numbers above this one.
    pub above: i64,
    /// How many at most.
    pub limit: usize,
}

/// What was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The messages and their rooms, newest first.
    pub messages: Vec<(MessageId, RoomId)>,
    /// Below which number to go on, if there may be more.
    pub next: Option<i64>,
}

/// Looks for messages until the page is full or the time is up.
///
/// # Errors
/// When the database does not answer.
pub fn find(
    reader: &Reader<'_>,
    wanted: &Wanted,
    known: &View,
    until: Instant,
) -> Result<Found, db::Error> {
    if wanted.rooms.is_empty() || wanted.authors.as_ref().is_some_and(HashSet::is_empty) {
        return Ok(Found::default());
    }
    let mut search = Search {
        reader,
        wanted,
        known,
        own: Own::new(reader, wanted),
        until,
        looked: 0,
        found: Found::default(),
    };
    match &wanted.expression {
        Some(expression) => search.words(expression)?,
        None if wanted.has.contains(&Has::File) => search.through(&Source::Files)?,
        None => match wanted
            .authors
            .as_ref()
            .map(|authors| authors.iter().collect::<Vec<_>>())
            .as_deref()
        {
            Some([author]) => search.through(&Source::Author(**author))?,
            _ => search.everything()?,
        },
    }
    Ok(search.found)
}

struct Search<'a> {
    reader: &'a Reader<'a>,
    wanted: &'a Wanted,
    known: &'a View,
    own: Own<'a>,
    until: Instant,
    looked: u32,
    found: Found,
}

impl Search<'_> {
    /// A last word stands for all words that begin with it. Where reading all their places would be
    /// slow, it does so only if it is not found often enough as a whole word; then they are
    /// asked for one by one, if they are few.
    fn words(&mut self, expression: &Expression) -> Result<(), db::Error> {
        let source = |words: &String| match expression.unspaced {
            true => Source::Unspaced(words.clone()),
            false => Source::Words(words.clone()),
        };
        let (Some(beginning), Some(last)) = (&expression.beginning, &expression.last) else {
            return self.through(&source(&expression.exact));
        };
        let pages = store::pages_of_beginning(self.reader, expression.unspaced, last)?;
        if pages <= FEW_PAGES {
            return self.through(&source(beginning));
        }
        self.through(&source(&expression.exact))?;
        if self.found.next.is_some() {
            return Ok(());
        }
        let all = store::words_of_beginning(self.reader, expression.unspaced, last, FEW_WORDS)?;
        if all.as_ref().is_some_and(|words| words.iter().all(|word| word == last)) {
            return Ok(());
        }
        // Each word by itself tells its places one by one.
        if let Some(one_of) = all.and_then(|words| expression.with_one_of(&words)) {
            self.found = Found::default();
            return self.through(&source(&one_of));
        }
        if pages <= MOST_PAGES {
            self.found = Found::default();
            self.through(&source(beginning))?;
        }
        Ok(())
    }

    /// Goes through a source from the newest to the oldest.
    fn through(&mut self, source: &Source) -> Result<(), db::Error> {
        let mut statement = store::open(self.reader, source)?;
        let mut from = self.wanted.below.saturating_sub(1);
        let stretch = if self.wanted.authors.is_some() { STRETCH_OF_OTHERS } else { STRETCH };
        let mut patience = stretch;
        'seek: loop {
            let mut rows = store::seek(&mut statement, source, from)?;
            let mut foreign = 0;
            while let Some(row) = rows.next()? {
                let id = row.get(0)?;
                if self.is_over(id) {
                    return Ok(());
                }
                let day = self.passed_over(id);
                if day < id {
                    from = day;
                    continue 'seek;
                }
                if self.judge(id)? {
                    foreign = 0;
                    continue;
                }
                foreign += 1;
                if foreign < patience {
                    continue;
                }
                let Some(next) = self.own.newest(id - 1)? else { return Ok(()) };
                // A leap that saved little was not worth its price: the next one is tried later.
                patience = if id - next < i64::from(STRETCH) * 8 {
                    patience.saturating_mul(2)
                } else {
                    stretch
                };
                from = next;
                continue 'seek;
            }
            return Ok(());
        }
    }

    /// Goes through all messages of the rooms.
    fn everything(&mut self) -> Result<(), db::Error> {
        let mut from = self.wanted.below.saturating_sub(1);
        while let Some(id) = self.own.newest(from)? {
            if self.is_over(id) {
                break;
            }
            from = self.passed_over(id);
            if from == id {
                self.judge(id)?;
                from -= 1;
            }
        }
        Ok(())
    }

    /// The newest number up to this one that may be of a wanted day, as far as memory knows.
    fn passed_over(&self, id: i64) -> i64 {
        let wanted = self.wanted;
        if wanted.before.is_none() && wanted.since.is_none() {
            return id;
        }
        self.known.newest_between(id, wanted.since.as_deref(), wanted.before.as_deref())
    }

    /// Whether the page is full, or the time is up before this message was looked at.
    fn is_over(&mut self, id: i64) -> bool {
        self.looked += 1;
        if id <= self.wanted.above {
            return true;
        }
        if self.found.messages.len() >= self.wanted.limit {
            self.found.next = self.found.messages.last().map(|(oldest, _)| oldest.0);
        } else if self.looked.is_multiple_of(LOOK) && Instant::now() >= self.until {
            self.found.next = Some(id + 1);
        }
        self.found.next.is_some()
    }

    /// Takes a message if it is what is wanted; `false` if it was said in a room that is not
    /// searched, or by somebody else.
    fn judge(&mut self, id: i64) -> Result<bool, db::Error> {
        let wanted = self.wanted;
        if self.known.room(id).is_some_and(|room| !wanted.rooms.contains(&room)) {
            return Ok(false);
        }
        // Whatever memory says, the snapshot decides.
        let Some(message) = store::candidate(self.reader, id)? else { return Ok(true) };
        if !wanted.rooms.contains(&message.room.0) {
            return Ok(false);
        }
        if wanted.authors.as_ref().is_some_and(|authors| !authors.contains(&message.author)) {
            return Ok(false);
        }
        let said = wanted.before.as_ref().is_none_or(|before| message.said_at < *before)
            && wanted.since.as_ref().is_none_or(|since| message.said_at >= *since);
        if said && self.has(id)? {
            self.found.messages.push((MessageId(id), message.room));
        }
        Ok(true)
    }

    fn has(&self, id: i64) -> Result<bool, db::Error> {
        if self.wanted.has.is_empty() {
            return Ok(true);
        }
        let (html, file) = store::contents(self.reader, id)?;
        Ok(self.wanted.has.iter().all(|has| match has {
            Has::Link => {
                ["https://", "http://", "mailto:"].iter().any(|scheme| html.contains(scheme))
            }
            Has::File => file,
            // Most are told apart without taking the markup to pieces.
            Has::Sound => {
                html.contains("/play ")
                    && crate::messages::sounds::from_text(
                        &rich_text::Body::parse(&html).plain_text(&Nobody),
                    )
                    .is_some()
            }
            Has::Mention => html.contains("application/vnd.campfire.mention"),
        }))
    }
}

/// A sound's text mentions nobody.
struct Nobody;

impl rich_text::Mentions for Nobody {
    fn user(&self, _: &str) -> Option<rich_text::Mentioned> {
        None
    }
}

/// The messages of the searched rooms, or of the wanted authors, without looking at any other.
struct Own<'a> {
    reader: &'a Reader<'a>,
    /// Rooms or authors by their newest message that is left; asked of the database once it has
    /// been passed.
    of: BTreeMap<(i64, i64), Owner>,
}

impl<'a> Own<'a> {
    fn new(reader: &'a Reader<'a>, wanted: &Wanted) -> Self {
        let owners: Vec<(i64, Owner)> = match &wanted.authors {
            Some(authors) => {
                authors.iter().map(|author| (author.0, Owner::Author(*author))).collect()
            }
            None => wanted.rooms.iter().map(|room| (*room, Owner::Room(RoomId(*room)))).collect(),
        };
        Self {
            reader,
            of: owners.into_iter().map(|(number, owner)| ((i64::MAX, number), owner)).collect(),
        }
    }

    /// The newest message up to this number.
    fn newest(&mut self, from: i64) -> Result<Option<i64>, db::Error> {
        loop {
            let Some(entry) = self.of.last_entry() else { return Ok(None) };
            let (newest, number) = *entry.key();
            if newest <= from {
                return Ok(Some(newest));
            }
            let owner = entry.remove();
            if let Some(newest) = store::newest_of(self.reader, owner, from)? {
                self.of.insert((newest, number), owner);
            }
        }
    }
}

//! What a request means for this user in this snapshot: names become rooms and authors, days become
//! timestamps, words become an FTS5 expression.

use std::collections::HashSet;
use std::hash::Hash;

use db::Reader;
use jiff::civil::Date;

use super::match_expression::MatchExpression;
use super::query::{HasFilter, Request};
use super::store;
use super::tokenizer::fold;
use crate::core::ids::{RoomId, UserId};

/// The conditions that a message must meet, all of them.
#[derive(Debug, Clone)]
pub struct Plan {
    pub expression: Option<MatchExpression>,
    /// The rooms to search; the user is a member of all of them.
    pub rooms: HashSet<RoomId>,
    /// The authors to search, if not all.
    pub authors: Option<HashSet<UserId>>,
    /// Created before this timestamp, as stored.
    pub before: Option<String>,
    /// Created at this timestamp or later, as stored.
    pub since: Option<String>,
    pub has: Vec<HasFilter>,
    /// Only messages with IDs below this one.
    pub below: i64,
    /// Only messages with IDs above this one.
    pub above: i64,
    pub limit: usize,
}

impl Plan {
    pub fn new(reader: &Reader<'_>, user: UserId, request: &Request) -> Result<Self, db::Error> {
        let query = &request.query;
        let midnight = |day: Date| format!("{day} 00:00:00");
        Ok(Self {
            expression: MatchExpression::new(query),
            rooms: rooms(reader, user, request)?,
            authors: authors(reader, user, request)?,
            before: query.before.map(midnight),
            // `after:` excludes the day itself.
            since: query.after.map(|day| midnight(day.tomorrow().unwrap_or(Date::MAX))),
            has: query.has.clone(),
            below: request.below,
            above: request.above,
            limit: request.limit,
        })
    }

    /// Whether no message can match.
    pub fn is_empty(&self) -> bool {
        self.rooms.is_empty() || self.authors.as_ref().is_some_and(HashSet::is_empty)
    }
}

fn rooms(
    reader: &Reader<'_>,
    user: UserId,
    request: &Request,
) -> Result<HashSet<RoomId>, db::Error> {
    let mut rooms = store::rooms_of(reader, user)?.into_iter().collect::<HashSet<_>>();
    if let Some(only) = request.room {
        rooms.retain(|room| *room == only);
    }
    if !request.query.rooms.is_empty() {
        let named = ids_by_name(store::room_names(reader, user)?, &request.query.rooms);
        rooms.retain(|room| named.contains(room));
    }
    Ok(rooms)
}

fn authors(
    reader: &Reader<'_>,
    user: UserId,
    request: &Request,
) -> Result<Option<HashSet<UserId>>, db::Error> {
    let names = &request.query.from;
    if names.is_empty() {
        return Ok(request.author.map(|author| HashSet::from([author])));
    }
    let mut authors = ids_by_name(store::user_names(reader)?, names);
    if names.iter().any(|name| name.eq_ignore_ascii_case("me")) {
        authors.insert(user);
    }
    if let Some(only) = request.author {
        authors.retain(|author| *author == only);
    }
    Ok(Some(authors))
}

/// The IDs that these names stand for: those with exactly this name, otherwise those with a word in
/// their name that begins like this. Ignores case and accents.
fn ids_by_name<Id: Copy + Eq + Hash>(names: Vec<(Id, String)>, wanted: &[String]) -> HashSet<Id> {
    let names = names.into_iter().map(|(id, name)| (id, fold(&name))).collect::<Vec<_>>();
    let mut found = HashSet::new();
    for wanted in wanted.iter().map(|name| fold(name)) {
        let has_word_with_prefix = |name: &str| {
            name.match_indices(wanted.as_str())
                .any(|(at, _)| at == 0 || !name[..at].ends_with(char::is_alphanumeric))
        };
        let exact =
            names.iter().filter(|(_, name)| *name == wanted).map(|(id, _)| *id).collect::<Vec<_>>();
        if exact.is_empty() {
            let partial = names.iter().filter(|(_, name)| has_word_with_prefix(name));
            found.extend(partial.map(|(id, _)| *id));
        } else {
            found.extend(exact);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_whole_or_by_the_beginning_of_a_word() {
        let names = || {
            vec![
                (1, "Ada Lovelace".to_owned()),
                (2, "Ada".to_owned()),
                (3, "Élan Ng".to_owned()),
                (4, "Canada".to_owned()),
            ]
        };
        let found = |name: &str| {
            let mut found =
                ids_by_name(names(), &[name.to_owned()]).into_iter().collect::<Vec<_>>();
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

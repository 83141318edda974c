//! The user directory: lists and searches users, for mentions and for the list of people.

pub mod avatar;
pub mod routes;
pub mod store;

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use utoipa::ToSchema;

use crate::core::app::App;
use crate::core::ids::{RoomId, UserId};
use crate::identity::users::{User, Users};

/// Newest messages of a room whose authors are listed first.
const RECENT_MESSAGES: u32 = 500;

/// A user who can be mentioned.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Mentionable {
    #[serde(flatten)]
    pub user: Arc<User>,
    /// The signed global ID, for mentions.
    pub sgid: String,
    /// Your own; administrators see everyone's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_address: Option<String>,
}

pub struct Search<'a> {
    pub query: &'a str,
    /// Only members of this room, recent authors first.
    pub room: Option<RoomId>,
    /// Includes deactivated and banned users.
    pub all: bool,
    pub addresses: Addresses,
    pub page: Page,
    pub limit: usize,
}

/// Whose email addresses are included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addresses {
    /// For administrators.
    All,
    /// Only the caller's own.
    Of(UserId),
}

/// A page of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    First,
    After(UserId),
    Before(UserId),
}

/// A page, and the next one in the same direction.
pub type Found = (Vec<Mentionable>, Option<Page>);

/// Users whose name contains the query, by name. `None` if the user at which the page starts is not
/// in the list.
pub fn search(app: &App, params: &Search<'_>) -> Result<Option<Found>, db::Error> {
    let (names, recent_authors) = app.db.read(|reader| match params.room {
        None => Ok::<_, db::Error>((store::names(reader, params.all)?, Vec::new())),
        Some(room) => Ok((
            store::names_in(reader, room)?,
            store::recent_authors(reader, room, RECENT_MESSAGES)?,
        )),
    })?;
    let ranked = rank(names, &recent_authors, params.query);
    let Some((page, next)) = page(&ranked, params.page, params.limit) else { return Ok(None) };
    let shown = match params.addresses {
        Addresses::All => page,
        Addresses::Of(viewer) => {
            page.iter().position(|id| *id == viewer).map_or(&[][..], |index| &page[index..=index])
        }
    };
    let mut addresses = if shown.is_empty() {
        HashMap::new()
    } else {
        app.db.read(|reader| store::addresses(reader, shown))?
    };
    let mut found = Vec::with_capacity(page.len());
    for id in page {
        if let Some(user) = app.state::<Users>().find(app, *id)? {
            let sgid = app.secret.sign_global_id("User", "attachable", id.0);
            found.push(Mentionable { sgid, user, email_address: addresses.remove(id) });
        }
    }
    Ok(Some((found, next)))
}

/// A page of the list, and the next one in the same direction.
fn page(ranked: &[UserId], page: Page, limit: usize) -> Option<(&[UserId], Option<Page>)> {
    let position = |id| ranked.iter().position(|other| *other == id);
    let (from, to) = match page {
        Page::First => (0, limit),
        Page::After(id) => {
            let from = position(id)? + 1;
            (from, from + limit)
        }
        Page::Before(id) => {
            let to = position(id)?;
            (to.saturating_sub(limit), to)
        }
    };
    let found = &ranked[from..to.min(ranked.len())];
    let next = match page {
        Page::Before(_) if from > 0 => found.first().map(|id| Page::Before(*id)),
        Page::First | Page::After(_) if to < ranked.len() => {
            found.last().map(|id| Page::After(*id))
        }
        _ => None,
    };
    Some((found, next))
}

/// The users whose name contains the query: recent authors first, then by name.
fn rank(names: Vec<(UserId, String)>, recent_authors: &[UserId], query: &str) -> Vec<UserId> {
    let query = fold(query.trim());
    let mut positions: HashMap<UserId, usize> = HashMap::new();
    for (position, author) in recent_authors.iter().enumerate() {
        positions.entry(*author).or_insert(position);
    }
    let mut found = names
        .into_iter()
        .map(|(id, name)| (positions.get(&id).copied().unwrap_or(usize::MAX), fold(&name), id))
        .filter(|(_, name, _)| name.contains(&query))
        .collect::<Vec<_>>();
    found.sort_unstable();
    found.into_iter().map(|(_, _, id)| id).collect()
}

/// Removes case and accents, for comparing.
fn fold(name: &str) -> String {
    name.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Vec<(UserId, String)> {
        ["Zoë", "ada", "Élan 100%", "Bob_1"]
            .into_iter()
            .zip(1..)
            .map(|(name, id)| (UserId(id), name.to_owned()))
            .collect()
    }

    fn found(query: &str, recent_authors: &[i64]) -> Vec<i64> {
        let recent_authors = recent_authors.iter().map(|id| UserId(*id)).collect::<Vec<_>>();
        rank(names(), &recent_authors, query).into_iter().map(|id| id.0).collect()
    }

    #[test]
    fn search_ignores_case_and_accents_and_has_no_wildcards() {
        assert_eq!(found("ZOE", &[]), [1]);
        assert_eq!(found("zoë", &[]), [1]);
        assert_eq!(found("elan", &[]), [3]);
        assert_eq!(found("%", &[]), [3]);
        assert_eq!(found("_", &[]), [4]);
        assert_eq!(found("nobody", &[]), Vec::<i64>::new());
    }

    #[test]
    fn pages_continue_in_both_directions() {
        let all = [1, 2, 3, 4, 5].map(UserId);
        assert_eq!(page(&all, Page::First, 2), Some((&all[..2], Some(Page::After(UserId(2))))));
        assert_eq!(page(&all, Page::After(UserId(2)), 3), Some((&all[2..], None)));
        assert_eq!(
            page(&all, Page::Before(UserId(4)), 2),
            Some((&all[1..3], Some(Page::Before(UserId(2)))))
        );
        assert_eq!(page(&all, Page::Before(UserId(2)), 9), Some((&all[..1], None)));
        assert_eq!(page(&all, Page::After(UserId(5)), 9), Some((&all[5..], None)));
        assert_eq!(page(&all, Page::After(UserId(9)), 9), None);
    }

    #[test]
    fn recent_authors_come_first_then_names() {
        assert_eq!(found("", &[]), [2, 4, 3, 1]);
        assert_eq!(found("", &[1, 3, 1, 3]), [1, 3, 2, 4]);
    }
}

//! Finding people: for the editor's mentions, and for whoever wants to know who there is.

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

/// Newest messages of a room that say who spoke last.
const RECENT_MESSAGES: u32 = 500;

/// A user, and what a mention of them carries.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Mentionable {
    /// The user.
    #[serde(flatten)]
    pub user: Arc<User>,
    /// The signed global id.
    pub sgid: String,
    /// The sign-in address; one's own, and for administrators everybody's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_address: Option<String>,
}

/// Whom somebody looks for.
pub struct Search<'a> {
    /// A part of the name.
    pub query: &'a str,
    /// Only members of this room, those who spoke last in it first.
    pub room: Option<RoomId>,
    /// Also those who may not come in any more.
    pub all: bool,
    /// Whose address is shown: this one's only, or everybody's.
    pub addresses: Addresses,
    /// Which part of the list.
    pub page: Page,
    /// Users in a part.
    pub limit: usize,
}

/// Whose sign-in addresses somebody may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addresses {
    /// An administrator sees all.
    All,
    /// Everybody sees their own.
    Of(UserId),
}

/// A part of a list of users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// The first.
    First,
    /// What follows this user.
    After(UserId),
    /// What comes before this user.
    Before(UserId),
}

/// A part of a list, and the part that follows.
pub type Found = (Vec<Mentionable>, Option<Page>);

/// Users whose name contains the words, by name, and where there is more in the direction of
/// travel. `None` if the user where the part begins is not in the list.
///
/// # Errors
/// When the database does not answer.
pub fn search(app: &App, asked: &Search<'_>) -> Result<Option<Found>, db::Error> {
    let (names, recent_authors) = app.db.read(|reader| match asked.room {
        None => Ok::<_, db::Error>((store::names(reader, asked.all)?, Vec::new())),
        Some(room) => Ok((
            store::names_in(reader, room)?,
            store::recent_authors(reader, room, RECENT_MESSAGES)?,
        )),
    })?;
    let rank = rank(names, &recent_authors, asked.query);
    let Some((page, next)) = page(&rank, asked.page, asked.limit) else { return Ok(None) };
    let shown = match asked.addresses {
        Addresses::All => page,
        Addresses::Of(viewer) => {
            page.iter().position(|id| *id == viewer).map_or(&[][..], |place| &page[place..=place])
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

/// A part of the whole list, and the part that follows in the direction of travel.
fn page(rank: &[UserId], page: Page, limit: usize) -> Option<(&[UserId], Option<Page>)> {
    let place = |id| rank.iter().position(|other| *other == id);
    let (from, to) = match page {
        Page::First => (0, limit),
        Page::After(id) => {
            let from = place(id)? + 1;
            (from, from + limit)
        }
        Page::Before(id) => {
            let to = place(id)?;
            (to.saturating_sub(limit), to)
        }
    };
    let found = &rank[from..to.min(rank.len())];
    let next = match page {
        Page::Before(_) if from > 0 => found.first().map(|id| Page::Before(*id)),
        Page::First | Page::After(_) if to < rank.len() => found.last().map(|id| Page::After(*id)),
        _ => None,
    };
    Some((found, next))
}

/// The users whose name contains the words, in order.
fn rank(names: Vec<(UserId, String)>, recent_authors: &[UserId], query: &str) -> Vec<UserId> {
    let query = fold(query.trim());
    let mut places: HashMap<UserId, usize> = HashMap::new();
    for (place, author) in recent_authors.iter().enumerate() {
        places.entry(*author).or_insert(place);
    }
    // Who did not speak comes after all who did.
    let mut found = names
        .into_iter()
        .map(|(id, name)| (places.get(&id).copied().unwrap_or(usize::MAX), fold(&name), id))
        .filter(|(_, name, _)| name.contains(&query))
        .collect::<Vec<_>>();
    found.sort_unstable();
    found.into_iter().map(|(_, _, id)| id).collect()
}

/// A name as it is compared: without case and accents.
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
    fn case_and_accents_do_not_matter_and_signs_stand_for_themselves() {
        assert_eq!(found("ZOE", &[]), [1]);
        assert_eq!(found("zoë", &[]), [1]);
        assert_eq!(found("elan", &[]), [3]);
        assert_eq!(found("%", &[]), [3]);
        assert_eq!(found("_", &[]), [4]);
        assert_eq!(found("nobody", &[]), Vec::<i64>::new());
    }

    #[test]
    fn parts_follow_each_other_in_both_directions() {
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
    fn who_spoke_last_comes_first_then_names() {
        assert_eq!(found("", &[]), [2, 4, 3, 1]);
        assert_eq!(found("", &[1, 3, 1, 3]), [1, 3, 2, 4]);
    }
}

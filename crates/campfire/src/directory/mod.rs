//! Finding people: for the editor's mentions, and for whoever wants to know who there is.

pub mod routes;
pub mod store;

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use utoipa::ToSchema;

use crate::app::App;
use crate::ids::{RoomId, UserId};
use crate::users::{People, User};

/// Newest messages of a room that say who spoke last.
const LATELY: u32 = 500;

/// A user, and what a mention of them carries.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Mentionable {
    /// The user.
    #[serde(flatten)]
    pub user: Arc<User>,
    /// The signed global id.
    pub sgid: String,
}

/// Active users whose name contains `query`, by name; of a room those who spoke last in it first.
///
/// # Errors
/// When the database does not answer.
pub fn search(app: &App, query: &str, room: Option<RoomId>, limit: usize) -> Result<Vec<Mentionable>, db::Error> {
    let (names, speakers) = app.db.read(|reader| match room {
        None => Ok::<_, db::Error>((store::names(reader)?, Vec::new())),
        Some(room) => Ok((store::names_in(reader, room)?, store::speakers(reader, room, LATELY)?)),
    })?;
    let mut found = Vec::new();
    for id in ranked(names, &speakers, query).into_iter().take(limit) {
        if let Some(user) = app.state::<People>().find(app, id)? {
            found.push(Mentionable { sgid: app.secret.sign_global_id("User", "attachable", id.0), user });
        }
    }
    Ok(found)
}

/// The users whose name contains the words, in order.
fn ranked(names: Vec<(UserId, String)>, speakers: &[UserId], query: &str) -> Vec<UserId> {
    let query = folded(query.trim());
    let mut places: HashMap<UserId, usize> = HashMap::new();
    for (place, speaker) in speakers.iter().enumerate() {
        places.entry(*speaker).or_insert(place);
    }
    // Who did not speak comes after all who did.
    let mut found = names
        .into_iter()
        .map(|(id, name)| (places.get(&id).copied().unwrap_or(usize::MAX), folded(&name), id))
        .filter(|(_, name, _)| name.contains(&query))
        .collect::<Vec<_>>();
    found.sort_unstable();
    found.into_iter().map(|(_, _, id)| id).collect()
}

/// A name as it is compared: without case and accents.
fn folded(name: &str) -> String {
    name.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Vec<(UserId, String)> {
        ["Zoë", "ada", "Élan 100%", "Bob_1"].into_iter().zip(1..).map(|(name, id)| (UserId(id), name.to_owned())).collect()
    }

    fn found(query: &str, speakers: &[i64]) -> Vec<i64> {
        let speakers = speakers.iter().map(|id| UserId(*id)).collect::<Vec<_>>();
        ranked(names(), &speakers, query).into_iter().map(|id| id.0).collect()
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
    fn who_spoke_last_comes_first_then_names() {
        assert_eq!(found("", &[]), [2, 4, 3, 1]);
        assert_eq!(found("", &[1, 3, 1, 3]), [1, 3, 2, 4]);
    }
}

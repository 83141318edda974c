//! Boosts: short reactions to a message.

pub mod events;
pub mod routes;
pub mod store;

use std::sync::Arc;

use http::StatusCode;

use events::{BoostCreated, BoostRemoved};

use crate::core::app::App;
use crate::core::clock::MonotonicClock;
use crate::core::ids::BoostId;
use crate::http::problem::{Errors, Problem, respond_as_problem};
use crate::identity::sessions::extractors::{AuthenticatedUser, Caller};
use crate::messages::extractors::{MessageReader, check_can_post};
use crate::messages::store::{self as message_store, BoostRow};
use crate::messages::{Boost, MessageError, rendering};
use crate::rooms::memberships::store::is_active_member;
use crate::rooms::store::RoomTimestamps;

/// Maximum characters in a boost.
const MAX_CONTENT: usize = 16;

/// Maximum boosts per message. Keeps a page of messages small.
const MAX_BOOSTS: i64 = 500;

/// The content of a boost: 1 to 16 characters, at least one of them visible, no control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content(String);

impl Content {
    /// Validates the content. The error is a message for the user.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.chars().all(|c| {
            c.is_whitespace()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe0f}')
        }) {
            return Err("Write something, or pick an emoji.".into());
        }
        if text.chars().count() > MAX_CONTENT {
            return Err(format!("A boost can have at most {MAX_CONTENT} characters."));
        }
        if text.chars().any(char::is_control) {
            return Err("The boost contains characters that can't be shown.".into());
        }
        Ok(Self(text.to_owned()))
    }
}

/// Why a boost request failed.
#[derive(Debug, thiserror::Error)]
pub enum BoostError {
    /// There is no such boost, or it belongs to someone else.
    #[error("Boost not found.")]
    NotFound,
    #[error("{0}")]
    Rejected(String),
    #[error("This message already has {MAX_BOOSTS} boosts, which is the limit.")]
    LimitReached,
    #[error(transparent)]
    Message(#[from] MessageError),
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl From<BoostError> for Problem {
    fn from(error: BoostError) -> Self {
        let text = error.to_string();
        match error {
            BoostError::NotFound => Self::new(StatusCode::NOT_FOUND, text),
            BoostError::Rejected(_) | BoostError::LimitReached => {
                Self::rejected(Errors::from([("content".to_owned(), vec![text])]))
            }
            BoostError::Message(error) => error.into(),
            BoostError::Database(error) => error.into(),
        }
    }
}

respond_as_problem!(BoostError);

/// Adds a boost.
pub async fn add<C: AuthenticatedUser>(
    app: &App,
    reader: &MessageReader<C>,
    content: Content,
) -> Result<Arc<Boost>, BoostError> {
    let (room, message, booster) = (reader.room, reader.message, reader.caller.user().clone());
    let writer = app.clone();
    app.db
        .write(move |tx| {
            check_can_post(tx, room, booster.id)?;
            if message_store::author(tx, room, message)?.is_none() {
                return Err(MessageError::NotFound.into());
            }
            if store::count(tx, message)? >= MAX_BOOSTS {
                return Err(BoostError::LimitReached);
            }
            let at = writer.state::<MonotonicClock>().next(writer.clock.now());
            let id = store::insert(tx, message, booster.id, &content.0, at)?;
            message_store::set_updated_at(tx, message, at)?;
            tx.defer::<RoomTimestamps>((room, at));
            let boost = Arc::new(Boost {
                id,
                message_id: message,
                booster,
                content: content.0,
                created_at: at,
            });
            tx.publish(Arc::new(BoostCreated { room, boost: boost.clone() }));
            Ok(boost)
        })
        .await
}

/// Deletes the caller's own boost.
pub async fn remove<C: AuthenticatedUser>(
    app: &App,
    reader: &MessageReader<C>,
    boost: BoostId,
) -> Result<(), BoostError> {
    let (room, message, booster) = (reader.room, reader.message, reader.caller.user().id);
    let writer = app.clone();
    app.db
        .write(move |tx| {
            if !is_active_member(tx, room, booster)? || !store::delete(tx, message, boost, booster)?
            {
                return Err(BoostError::NotFound);
            }
            let at = writer.state::<MonotonicClock>().next(writer.clock.now());
            message_store::set_updated_at(tx, message, at)?;
            tx.defer::<RoomTimestamps>((room, at));
            tx.publish(Arc::new(BoostRemoved { room, message, boost }));
            Ok(())
        })
        .await
}

/// The boosts of a message, oldest first.
pub fn list(app: &App, reader: &MessageReader<Caller>) -> Result<Vec<Boost>, BoostError> {
    let rows: Vec<BoostRow> = app.db.read(|db| store::of_message(db, reader.message))?;
    Ok(rendering::boosts(app, rows)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boosts_are_short_and_visible() {
        assert_eq!(Content::parse(" 👍🏽 ").map(|content| content.0).as_deref(), Ok("👍🏽"));
        assert!(Content::parse(&"é".repeat(16)).is_ok());
        for wrong in ["", " ", "\u{200b}", "a\u{7}b", "12345678901234567"] {
            assert!(Content::parse(wrong).is_err(), "{wrong:?}");
        }
    }
}

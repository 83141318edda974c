//! Bookmarks: messages that a person wants to find again. Nobody else sees them.

pub mod events;
pub mod listener;
pub mod routes;
pub mod store;

use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::core::clock::Time;
use crate::http::problem::{Problem, respond_as_problem};
use crate::messages::{Message, MessageError};
use crate::rooms::views::RoomLabel;

/// Bookmarks of one person: more than anybody reads again.
const MAX_BOOKMARKS: i64 = 5_000;

/// A message that one keeps.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Bookmark {
    /// The row in `campfire_bookmarks`.
    pub id: i64,
    /// The message.
    pub message: Message,
    /// Where it was stored.
    pub room: RoomLabel,
    /// Since when one keeps it.
    pub created_at: Time,
}

/// Why a message could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum BookmarkError {
    /// The cursor is no bookmark of one's own.
    #[error("Bookmark not found.")]
    NotFound,
    /// Too many already.
    #[error("You have {MAX_BOOKMARKS} bookmarks. Remove some before you add another.")]
    LimitReached,
    /// The message, the query, or who calls.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// The database.
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl From<BookmarkError> for Problem {
    fn from(error: BookmarkError) -> Self {
        let text = error.to_string();
        match error {
            BookmarkError::NotFound => Self::new(StatusCode::NOT_FOUND, text),
            BookmarkError::LimitReached => Self::new(StatusCode::UNPROCESSABLE_ENTITY, text),
            BookmarkError::Message(error) => error.into(),
            BookmarkError::Database(error) => error.into(),
        }
    }
}

respond_as_problem!(BookmarkError);

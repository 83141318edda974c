//! Bookmarks: messages that a user saved to find them again. No one else sees them.

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

/// Maximum number of bookmarks per user.
const MAX_BOOKMARKS: i64 = 5_000;

/// A bookmarked message.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Bookmark {
    /// ID of the bookmark.
    pub id: i64,
    /// The bookmarked message.
    pub message: Message,
    /// The room it was posted in.
    pub room: RoomLabel,
    /// When it was bookmarked.
    pub created_at: Time,
}

/// Why a bookmark request failed.
#[derive(Debug, thiserror::Error)]
pub enum BookmarkError {
    #[error("Bookmark not found.")]
    NotFound,
    #[error("You already have {MAX_BOOKMARKS} bookmarks. Remove some before you add another.")]
    LimitReached,
    #[error(transparent)]
    Message(#[from] MessageError),
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

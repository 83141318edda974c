//! Changing what was said: editing, deleting, and taking a deletion back.

pub mod deleting;
pub mod editing;
pub mod events;
pub mod extractors;
pub mod routes;
pub mod snapshot;
pub mod store;

use http::StatusCode;

use crate::http::problem::{Problem, respond_as_problem};
use crate::messages::MessageError;
use crate::rooms::RoomError;

/// Why a message could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// There is none with this number here.
    #[error("Message not found or inaccessible.")]
    NotFound,
    /// It is somebody else's.
    #[error("Only its author and administrators may change a message.")]
    NotAllowed,
    /// The deletion is too long ago.
    #[error("It is too late to bring this message back.")]
    TooLate,
    /// Its author has sent it once more.
    #[error("This message was sent again after it was deleted, so the old one cannot come back.")]
    SentAgain,
    /// The new text, or the message.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// The room, or who calls.
    #[error(transparent)]
    Room(#[from] RoomError),
    /// A copy that cannot be read or written.
    #[error("a deleted message's copy is damaged")]
    Copy(#[from] serde_json::Error),
    /// The database.
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl From<ChangeError> for Problem {
    fn from(error: ChangeError) -> Self {
        let text = error.to_string();
        match error {
            ChangeError::NotFound => Self::new(StatusCode::NOT_FOUND, text),
            ChangeError::NotAllowed => Self::new(StatusCode::FORBIDDEN, text),
            ChangeError::TooLate | ChangeError::SentAgain => Self::new(StatusCode::CONFLICT, text),
            ChangeError::Message(error) => error.into(),
            ChangeError::Room(error) => error.into(),
            ChangeError::Copy(error) => Self::unexpected(&error),
            ChangeError::Database(error) => error.into(),
        }
    }
}

respond_as_problem!(ChangeError);

//! Changing what was stored: editing, deleting, and taking a deletion back.

pub mod deletion;
pub mod edit;
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
pub enum EditError {
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

impl From<EditError> for Problem {
    fn from(error: EditError) -> Self {
        let text = error.to_string();
        match error {
            EditError::NotFound => Self::new(StatusCode::NOT_FOUND, text),
            EditError::NotAllowed => Self::new(StatusCode::FORBIDDEN, text),
            EditError::TooLate | EditError::SentAgain => Self::new(StatusCode::CONFLICT, text),
            EditError::Message(error) => error.into(),
            EditError::Room(error) => error.into(),
            EditError::Copy(error) => Self::unexpected(&error),
            EditError::Database(error) => error.into(),
        }
    }
}

respond_as_problem!(EditError);

//! Editing, deleting and restoring messages.

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
    #[error("Message not found or inaccessible.")]
    NotFound,
    #[error("Only the author and administrators can change a message.")]
    NotAllowed,
    #[error("It's too late to restore this message.")]
    TooLate,
    #[error("This message was sent again after it was deleted, so it can't be restored.")]
    SentAgain,
    #[error(transparent)]
    Message(#[from] MessageError),
    #[error(transparent)]
    Room(#[from] RoomError),
    /// A snapshot could not be read or written.
    #[error("the snapshot of a deleted message is damaged")]
    Copy(#[from] serde_json::Error),
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

//! Blocks: a blocked person cannot start a direct room with who blocked them, nor post in the
//! direct room of the two.

pub mod routes;
pub mod store;

use http::StatusCode;

use crate::http::problem::{Problem, respond_as_problem};

/// People that one person may block: more than anybody needs, few enough for a list.
const MAX_BLOCKS: i64 = 1_000;

/// Why somebody could not be blocked.
#[derive(Debug, thiserror::Error)]
pub enum BlockError {
    /// Nobody has this number.
    #[error("User not found or inaccessible.")]
    NotFound,
    /// OwnAccount.
    #[error("You cannot block yourself.")]
    OwnAccount,
    /// Too many.
    #[error("You have blocked {MAX_BLOCKS} people; that is the most.")]
    TooMany,
    /// The database.
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl From<BlockError> for Problem {
    fn from(error: BlockError) -> Self {
        let text = error.to_string();
        match error {
            BlockError::NotFound => Self::new(StatusCode::NOT_FOUND, text),
            BlockError::OwnAccount | BlockError::TooMany => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, text)
            }
            BlockError::Database(error) => error.into(),
        }
    }
}

respond_as_problem!(BlockError);

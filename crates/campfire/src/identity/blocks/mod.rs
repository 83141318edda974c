//! Blocks: a blocked user cannot start a direct room with the user who blocked them, nor post in
//! the direct room of the two.

pub mod routes;
pub mod store;

use http::StatusCode;

use crate::http::problem::{Problem, respond_as_problem};

/// Blocks per user: more than anyone needs, few enough for a list without pages.
const MAX_BLOCKS: i64 = 1_000;

#[derive(Debug, thiserror::Error)]
pub enum BlockError {
    #[error("User not found or inaccessible.")]
    NotFound,
    #[error("You can't block yourself.")]
    OwnAccount,
    #[error("You've reached the limit of {MAX_BLOCKS} blocked users. Unblock someone first.")]
    TooMany,
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

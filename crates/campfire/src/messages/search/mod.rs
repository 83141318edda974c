//! Search. One request runs top to bottom through these files:
//!
//! 1. `routes` reads the parameters; `query` parses what was typed.
//! 2. `service` runs the rest on one database snapshot.
//! 3. `plan` turns names into rooms and authors, and words into an FTS5 expression
//!    (`match_expression`).
//! 4. `executor` walks the candidates from the newest down, skipping other people's rooms with the
//!    help of `room_index`.
//! 5. `response` renders the page; `highlight` marks the matches.
//!
//! `store` has the SQL. It also keeps the indexes, called by `listener` when messages change and by
//! `backfill` for messages that another program wrote. `tokenizer`, `stem` and `cjk` split text the
//! way the indexes do. `recent` keeps each user's recent searches.

pub mod backfill;
mod cjk;
mod executor;
mod extractors;
mod highlight;
pub mod listener;
mod match_expression;
mod plan;
mod query;
pub mod recent;
mod response;
pub mod room_index;
pub mod routes;
mod service;
mod stem;
pub mod store;
mod tokenizer;

use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::problem::{Errors, Problem, respond_as_problem};
use crate::messages::Message;
use crate::rooms::views::RoomLabel;

/// A search result.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FoundMessage {
    /// The message.
    #[serde(flatten)]
    pub message: Message,
    /// The room the message is in.
    pub room: RoomLabel,
    /// The text around the first match, as HTML: escaped, with every match in `<mark>`.
    pub snippet: String,
}

/// Why a search was refused.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error("Search is turned off on this server.")]
    Off,
    #[error("{message}")]
    Rejected { field: &'static str, message: String },
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl SearchError {
    fn rejected(field: &'static str, message: impl Into<String>) -> Self {
        Self::Rejected { field, message: message.into() }
    }
}

impl From<SearchError> for Problem {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Off => Self::new(StatusCode::FORBIDDEN, error.to_string()),
            SearchError::Rejected { field, message } => {
                Self::rejected(Errors::from([(field.to_owned(), vec![message])]))
            }
            SearchError::Database(error) => error.into(),
        }
    }
}

respond_as_problem!(SearchError);

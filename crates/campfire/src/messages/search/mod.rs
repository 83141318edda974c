//! Searching: the full-text index that every message is entered into, what people ask of it, and
//! what they asked before.

pub mod backfill;
pub mod executor;
pub mod highlight;
pub mod listener;
pub mod query;
pub mod room_index;
pub mod routes;
pub mod scripts;
pub mod service;
pub mod stem;
pub mod store;

use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::core::clock::Time;
use crate::http::problem::{Errors, Problem, respond_as_problem};
use crate::messages::Message;
use crate::rooms::views::RoomLabel;

/// A message that was found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FoundMessage {
    /// The message.
    #[serde(flatten)]
    pub message: Message,
    /// Where it was said.
    pub room: RoomLabel,
    /// The part of its text around the first match, as HTML: everything is escaped, matches stand
    /// in `<mark>`.
    pub snippet: String,
}

/// A search that one made before.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecentSearch {
    /// The row in `searches`.
    pub id: i64,
    /// What one typed.
    pub query: String,
    /// When one last searched for it.
    pub updated_at: Time,
}

impl From<store::RecentRow> for RecentSearch {
    fn from(row: store::RecentRow) -> Self {
        Self { id: row.id, query: row.query, updated_at: row.updated_at }
    }
}

/// Why a search was not made.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The operator switched searching off.
    #[error("Searching is switched off on this server.")]
    Off,
    /// Something asked for makes no sense, or is too much.
    #[error("{message}")]
    Rejected {
        /// Which part of it.
        field: &'static str,
        /// What a person should change.
        message: String,
    },
    /// The database.
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

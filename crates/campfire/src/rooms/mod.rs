//! Rooms: open to all, closed to some, or direct between a few.

pub mod callers;
pub mod events;
pub mod involvement;
pub mod routes;
pub mod store;
pub mod views;

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::problem::{Errors, Problem};
use crate::ids::{RoomId, UserId};
use crate::memberships::Involvement;
use crate::time::Time;
use crate::users::User;

/// The name of the room that the first run makes.
pub const FIRST_NAME: &str = "All Talk";

/// Who is in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RoomType {
    /// Everyone, now and later.
    Open,
    /// Those who were chosen.
    Closed,
    /// Exactly these people; people say "ping".
    Direct,
}

impl RoomType {
    /// The stored class name; an unknown one is the most private kind that has a name.
    pub fn from_stored(class: &str) -> Self {
        match class {
            "Rooms::Open" => Self::Open,
            "Rooms::Direct" => Self::Direct,
            _ => Self::Closed,
        }
    }
}

/// A room as one of its members sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Room {
    /// The row in `rooms`.
    pub id: RoomId,
    /// The name; of a direct room, the others' names joined.
    pub name: String,
    /// Who is in it.
    #[serde(rename = "type")]
    pub kind: RoomType,
    /// Who made it.
    pub creator_id: UserId,
    /// When it was made.
    pub created_at: Time,
    /// When something was last said or changed in it.
    pub updated_at: Time,
    /// How much the viewer wants to hear.
    pub involvement: Involvement,
    /// Whether the viewer has not read everything.
    pub unread: bool,
    /// From which moment on it is unread.
    #[schema(required)]
    pub unread_since: Option<Time>,
    /// How many people are in it.
    pub members_count: i64,
    /// Of a direct room: the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub members: Option<Vec<Arc<User>>>,
}

/// Why a room could not be used.
#[derive(Debug, thiserror::Error)]
pub enum RoomError {
    /// There is none with this number, or the caller is not in it.
    #[error("Room not found or inaccessible.")]
    NotFound,
    /// A direct room is everything or nothing.
    #[error("In a direct room one is notified of everything or of nothing.")]
    NotForDirect,
    /// Who calls is not signed in.
    #[error(transparent)]
    Session(#[from] crate::sessions::SessionError),
    /// The database.
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl From<RoomError> for Problem {
    fn from(error: RoomError) -> Self {
        match error {
            RoomError::NotFound => Self::not_found("Room"),
            RoomError::NotForDirect => Self::rejected(Errors::from([("involvement".to_owned(), vec![error.to_string()])])),
            RoomError::Session(error) => error.into(),
            RoomError::Database(error) => error.into(),
        }
    }
}

impl IntoResponse for RoomError {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}

/// The others' names as an English sentence: "A", "A and B", "A, B, and C"; the viewer's own if there is nobody else.
pub fn direct_name(others: &[Arc<User>], own: &str) -> String {
    match others {
        [] => own.to_owned(),
        [one] => one.name.clone(),
        [one, two] => format!("{} and {}", one.name, two.name),
        [most @ .., last] => {
            let most = most.iter().map(|user| user.name.as_str()).collect::<Vec<_>>().join(", ");
            format!("{most}, and {}", last.name)
        }
    }
}

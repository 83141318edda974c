//! Rooms: open to all, closed to some, or direct between a few.

pub mod creation;
pub mod events;
pub mod extractors;
pub mod involvement;
pub mod listeners;
pub mod memberships;
pub mod name;
pub mod routes;
pub mod settings;
pub mod store;
pub mod update;
pub mod views;

use std::sync::Arc;

use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::clock::Time;
use crate::core::ids::{RoomId, UserId};
use crate::http::problem::{Errors, Problem, respond_as_problem};
use crate::identity::users::User;
use crate::rooms::memberships::Involvement;

/// The name of the room that the first run creates.
pub const DEFAULT_ROOM_NAME: &str = "All Talk";

/// Type of a room, which decides who is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RoomType {
    /// Everyone, including future users.
    Open,
    /// Selected users.
    Closed,
    /// A fixed set of users; called "ping" in the product.
    Direct,
}

impl RoomType {
    /// An unknown class counts as closed, the most private type that has a name.
    pub fn from_stored(class: &str) -> Self {
        match class {
            "Rooms::Open" => Self::Open,
            "Rooms::Direct" => Self::Direct,
            _ => Self::Closed,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Direct => "direct",
        }
    }

    /// The class name in Campfire's database.
    pub fn to_stored(self) -> &'static str {
        match self {
            Self::Open => "Rooms::Open",
            Self::Closed => "Rooms::Closed",
            Self::Direct => "Rooms::Direct",
        }
    }
}

/// A room as one of its members sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Room {
    /// ID of the room.
    pub id: RoomId,
    /// The name; for a direct room, the names of the other members.
    pub name: String,
    /// Type of the room.
    #[serde(rename = "type")]
    pub kind: RoomType,
    /// Creator of the room.
    pub creator_id: UserId,
    /// When it was created.
    pub created_at: Time,
    /// When a message was last posted in it, or when it last changed.
    pub updated_at: Time,
    /// Your involvement in the room.
    pub involvement: Involvement,
    /// Whether you have unread messages in it.
    pub unread: bool,
    /// When the first unread message was posted.
    #[schema(required)]
    pub unread_since: Option<Time>,
    /// Number of members.
    pub members_count: i64,
    /// The other members of a direct room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub members: Option<Vec<Arc<User>>>,
}

/// Why a room request failed.
#[derive(Debug, thiserror::Error)]
pub enum RoomError {
    /// There is no such room, or the caller is not in it.
    #[error("Room not found or inaccessible.")]
    NotFound,
    #[error("In a direct room you can be notified about everything or nothing.")]
    InvalidDirectInvolvement,
    #[error("Only the room's creator and administrators can do this.")]
    NotAllowed,
    #[error("Only administrators can create rooms.")]
    CreationRestricted,
    #[error("Someone you selected doesn't accept direct messages from you.")]
    Blocked,
    #[error("Everyone is in an open room. Hide it instead.")]
    CannotLeaveOpen,
    #[error("You can't leave a direct room of two. Hide or delete it instead.")]
    CannotLeaveDirect,
    /// Nobody could find a room without members, not even administrators.
    #[error("You're the last member of this room. Hide it, or have it deleted instead.")]
    LastMember,
    #[error("The room is invalid.")]
    Rejected(Errors),
    #[error(transparent)]
    Session(#[from] crate::identity::sessions::SessionError),
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl RoomError {
    /// Rejects one field with 422.
    pub fn rejected(field: &str, message: &str) -> Self {
        Self::Rejected(Errors::from([(field.to_owned(), vec![message.to_owned()])]))
    }
}

impl From<RoomError> for Problem {
    fn from(error: RoomError) -> Self {
        match error {
            RoomError::NotFound => Self::not_found("Room"),
            RoomError::InvalidDirectInvolvement => {
                Self::rejected(Errors::from([("involvement".to_owned(), vec![error.to_string()])]))
            }
            RoomError::NotAllowed | RoomError::CreationRestricted | RoomError::Blocked => {
                Self::new(StatusCode::FORBIDDEN, error.to_string())
            }
            RoomError::CannotLeaveOpen | RoomError::CannotLeaveDirect | RoomError::LastMember => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, error.to_string())
            }
            RoomError::Rejected(errors) => Self::rejected(errors),
            RoomError::Session(error) => error.into(),
            RoomError::Database(error) => error.into(),
        }
    }
}

respond_as_problem!(RoomError);

/// The other members' names as an English list: "A", "A and B", "A, B, and C"; the viewer's own
/// name if there are no others.
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

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

/// The name of the room that the first run makes.
pub const DEFAULT_ROOM_NAME: &str = "All Talk";

/// Who is in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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

    /// The kind in a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Direct => "direct",
        }
    }

    /// The class name as Campfire stores it.
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
    InvalidDirectInvolvement,
    /// Only the creator and administrators.
    #[error("Only who made the room and administrators may do this.")]
    NotAllowed,
    /// The account's setting.
    #[error("Only administrators may create rooms here.")]
    CreationRestricted,
    /// Somebody does not want direct messages from who calls.
    #[error("Somebody among them does not take direct messages from you at the moment.")]
    Blocked,
    /// Open rooms are everybody's.
    #[error("Everybody is in an open room. Hide it instead.")]
    CannotLeaveOpen,
    /// A direct room of two is what it is.
    #[error("A direct room of two cannot be left. Hide or delete it instead.")]
    CannotLeaveDirect,
    /// A room without people is nobody's: not even administrators would find it.
    #[error("You are the last one in this room. Hide it, or have it deleted instead.")]
    LastMember,
    /// Something in the request was not accepted.
    #[error("The room was not accepted.")]
    Rejected(Errors),
    /// Who calls is not signed in.
    #[error(transparent)]
    Session(#[from] crate::identity::sessions::SessionError),
    /// The database.
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl RoomError {
    /// 422: this field was not accepted.
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

/// The others' names as an English sentence: "A", "A and B", "A, B, and C"; the viewer's own if
/// there is nobody else.
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

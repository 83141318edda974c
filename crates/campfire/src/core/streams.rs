//! The names of all cable streams. A stream is an ordered sequence of events that clients follow;
//! the channels in `live` decide who may follow which.

use super::ids::{RoomId, UserId};

/// Everything that every signed-in user may know: changes of the account and of users.
pub const ACCOUNT: &str = "everybody";

/// One user's own rooms, inbox and bookmarks.
pub fn user(user: UserId) -> String {
    format!("rooms-of:{}", user.0)
}

/// The rooms that a user has read, for their other devices.
pub fn reads(user: UserId) -> String {
    format!("reads:{}", user.0)
}

/// The rooms of a user that have something new.
pub fn unreads(user: UserId) -> String {
    format!("unreads:{}", user.0)
}

/// Messages and boosts of a room.
pub fn messages(room: RoomId) -> String {
    format!("rooms:{}:messages", room.0)
}

/// Who is looking at a room.
pub fn presence(room: RoomId) -> String {
    format!("rooms:{}:presence", room.0)
}

/// Who is typing in a room.
pub fn typing(room: RoomId) -> String {
    format!("rooms:{}:typing", room.0)
}

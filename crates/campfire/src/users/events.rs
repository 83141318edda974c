//! Where a person's devices hear what concerns them alone.

use crate::ids::UserId;

/// The stream of one person's own news: their rooms, their inbox, their bookmarks.
pub fn personal_stream(user: UserId) -> String {
    format!("rooms-of:{}", user.0)
}

//! Presence: who is looking at which room. Kept in memory: it is valid only while this process
//! runs, and costs no write.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::core::clock::Time;
use crate::core::ids::{RoomId, UserId};

/// Seconds without a refresh after which a user's presence expires, as in Campfire.
pub const EXPIRY_SECONDS: i64 = 60;

/// An open page, identified by its socket.
pub type PageId = u64;

/// The open pages of a room and when each was last refreshed.
type Readers = HashMap<(UserId, PageId), Time>;

/// Open pages by room. Bounded by the number of sockets and the subscriptions per socket.
#[derive(Default)]
pub struct Presence(Mutex<HashMap<RoomId, Readers>>);

impl Presence {
    /// Records or refreshes a page that shows the room. Returns whether the user was absent before.
    pub fn join(&self, room: RoomId, user: UserId, page: PageId, now: Time) -> bool {
        let mut rooms = self.0.lock();
        let readers = rooms.entry(room).or_default();
        let new = !is_present(readers, user, now);
        readers.insert((user, page), now);
        new
    }

    /// Removes a page. Returns whether this made the user absent.
    pub fn leave(&self, room: RoomId, user: UserId, page: PageId, now: Time) -> bool {
        let mut rooms = self.0.lock();
        let Some(readers) = rooms.get_mut(&room) else { return false };
        let before = is_present(readers, user, now);
        readers.remove(&(user, page));
        let after = is_present(readers, user, now);
        if readers.is_empty() {
            rooms.remove(&room);
        }
        before && !after
    }

    /// The users who are present in a room, sorted by id.
    pub fn present(&self, room: RoomId, now: Time) -> Arc<[UserId]> {
        let rooms = self.0.lock();
        let Some(readers) = rooms.get(&room) else { return Arc::default() };
        let mut users = readers
            .iter()
            .filter(|(_, seen)| is_current(**seen, now))
            .map(|((user, _), _)| *user)
            .collect::<Vec<_>>();
        users.sort_unstable();
        users.dedup();
        users.into()
    }

    /// Removes pages that were not refreshed in time. Returns who became absent in which room.
    pub fn expire(&self, now: Time) -> Vec<(RoomId, UserId)> {
        let mut absent = Vec::new();
        let mut rooms = self.0.lock();
        for (room, readers) in rooms.iter_mut() {
            let silent = readers
                .iter()
                .filter(|(_, seen)| !is_current(**seen, now))
                .map(|(key, _)| *key)
                .collect::<Vec<_>>();
            for key in silent {
                readers.remove(&key);
                if !is_present(readers, key.0, now) && !absent.contains(&(*room, key.0)) {
                    absent.push((*room, key.0));
                }
            }
        }
        rooms.retain(|_, readers| !readers.is_empty());
        absent
    }
}

fn is_current(seen: Time, now: Time) -> bool {
    now.seconds_since(seen) <= EXPIRY_SECONDS
}

fn is_present(readers: &Readers, user: UserId, now: Time) -> bool {
    readers.iter().any(|((reader, _), seen)| *reader == user && is_current(*seen, now))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: RoomId = RoomId(1);
    const ADA: UserId = UserId(1);

    fn at(second: i64) -> Time {
        jiff::Timestamp::from_second(second).expect("in range").into()
    }

    #[test]
    fn users_are_present_until_their_last_page_closes() {
        let presence = Presence::default();
        assert!(presence.join(ROOM, ADA, 1, at(0)));
        assert!(!presence.join(ROOM, ADA, 2, at(0)));
        assert!(!presence.leave(ROOM, ADA, 1, at(1)));
        assert!(presence.leave(ROOM, ADA, 2, at(1)));
        assert!(presence.present(ROOM, at(1)).is_empty());
    }

    #[test]
    fn presence_expires_after_a_minute_without_a_refresh() {
        let presence = Presence::default();
        presence.join(ROOM, ADA, 1, at(0));
        assert_eq!(*presence.present(ROOM, at(60)), [ADA]);
        assert!(presence.present(ROOM, at(61)).is_empty());
        assert_eq!(presence.expire(at(61)), [(ROOM, ADA)]);
        assert!(presence.expire(at(61)).is_empty());
    }
}

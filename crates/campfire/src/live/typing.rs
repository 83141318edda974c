//! Typing indicators: who is typing where. Rate limited, so that one client cannot flood a room.

use std::collections::HashMap;

use parking_lot::Mutex;

use crate::core::clock::Time;
use crate::core::ids::{RoomId, UserId};

/// Starts that a user may send at once. Our client sends one when typing begins and one every few
/// seconds.
const BURST: i64 = 5;
/// Seconds after which one more is allowed.
const REFILL: i64 = 1;
/// Entries kept before inactive ones are removed.
const MAX_ENTRIES: usize = 10_000;

struct Typist {
    /// Whether a start was published and no stop yet.
    typing: bool,
    /// Starts still allowed.
    left: i64,
    /// When `left` was last refilled.
    refilled_at: Time,
}

/// Everyone who typed lately, bounded by the signed-in users and their rooms.
#[derive(Default)]
pub struct Typing(Mutex<HashMap<(RoomId, UserId), Typist>>);

impl Typing {
    /// The user types; `true` if it should be published.
    pub fn start(&self, room: RoomId, user: UserId, now: Time) -> bool {
        let mut typists = self.0.lock();
        if typists.len() >= MAX_ENTRIES {
            typists.retain(|_, typist| now.seconds_since(typist.refilled_at) < BURST * REFILL);
        }
        let typist = typists.entry((room, user)).or_insert(Typist {
            typing: false,
            left: BURST,
            refilled_at: now,
        });
        let earned = now.seconds_since(typist.refilled_at) / REFILL;
        if earned > 0 {
            typist.left = BURST.min(typist.left + earned);
            typist.refilled_at = now;
        }
        if typist.left == 0 {
            return false;
        }
        typist.left -= 1;
        typist.typing = true;
        true
    }

    /// The user stopped; `true` if it should be published, because the start was.
    pub fn stop(&self, room: RoomId, user: UserId) -> bool {
        self.0
            .lock()
            .get_mut(&(room, user))
            .is_some_and(|typist| std::mem::take(&mut typist.typing))
    }
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
    fn a_flood_is_limited_to_a_burst_and_then_one_per_second() {
        let typing = Typing::default();
        let published = |now| (0..100).filter(|_| typing.start(ROOM, ADA, now)).count();
        assert_eq!(published(at(0)), 5);
        assert_eq!(published(at(1)), 1);
        assert_eq!(published(at(100)), 5);
        assert!(typing.start(RoomId(2), ADA, at(100)), "each room has its own limit");
    }

    #[test]
    fn a_stop_is_published_once_per_start() {
        let typing = Typing::default();
        assert!(!typing.stop(ROOM, ADA));
        assert!(typing.start(ROOM, ADA, at(0)));
        assert!(typing.stop(ROOM, ADA));
        assert!(!typing.stop(ROOM, ADA));
    }

    #[test]
    fn inactive_entries_are_removed_when_there_are_many() {
        let typing = Typing::default();
        for room in 0..20_000 {
            typing.start(RoomId(room), ADA, at(room));
        }
        assert!(typing.0.lock().len() <= MAX_ENTRIES);
    }
}

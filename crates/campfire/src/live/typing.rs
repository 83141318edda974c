//! Who is typing where, so that a client that says it too often is not passed on to everybody else.

use crate::core::app::{App, DomainState};
use std::collections::HashMap;

use parking_lot::Mutex;

use crate::core::clock::Time;
use crate::core::ids::{RoomId, UserId};

/// Signs that a person may give at once; a good client gives one when typing begins and one every
/// few seconds.
const BURST: i64 = 5;
/// Seconds after which one more may be given.
const REFILL: i64 = 1;
/// Persons and rooms that may be known before the silent ones are forgotten.
const CROWD: usize = 10_000;

struct Typist {
    /// Whether they are typing, as far as the others were told.
    typing: bool,
    /// Signs that may still be given.
    left: i64,
    /// When signs were last added.
    counted_at: Time,
}

/// Everybody who typed lately. Bounded by those who are signed in and their rooms; the silent are
/// forgotten.
#[derive(Default)]
pub struct Typing(Mutex<HashMap<(RoomId, UserId), Typist>>);

impl Typing {
    /// A person types. `true` if the others should hear of it.
    pub fn start(&self, room: RoomId, user: UserId, now: Time) -> bool {
        let mut typists = self.0.lock();
        if typists.len() >= CROWD {
            typists.retain(|_, typist| now.seconds_since(typist.counted_at) < BURST * REFILL);
        }
        let typist = typists.entry((room, user)).or_insert(Typist {
            typing: false,
            left: BURST,
            counted_at: now,
        });
        let earned = now.seconds_since(typist.counted_at) / REFILL;
        if earned > 0 {
            typist.left = BURST.min(typist.left + earned);
            typist.counted_at = now;
        }
        if typist.left == 0 {
            return false;
        }
        typist.left -= 1;
        typist.typing = true;
        true
    }

    /// A person types no more. `true` if the others should hear of it: they were told of the start.
    pub fn stop(&self, room: RoomId, user: UserId) -> bool {
        self.0
            .lock()
            .get_mut(&(room, user))
            .is_some_and(|typist| std::mem::take(&mut typist.typing))
    }
}

impl DomainState for Typing {
    fn on_external_write(&self, _: &App) {}
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
    fn a_flood_is_heard_a_few_times_and_then_once_a_second() {
        let typing = Typing::default();
        let heard = |now| (0..100).filter(|_| typing.start(ROOM, ADA, now)).count();
        assert_eq!(heard(at(0)), 5);
        assert_eq!(heard(at(1)), 1);
        assert_eq!(heard(at(100)), 5);
        assert!(typing.start(RoomId(2), ADA, at(100)), "another room is another matter");
    }

    #[test]
    fn an_end_is_heard_once_for_a_beginning() {
        let typing = Typing::default();
        assert!(!typing.stop(ROOM, ADA));
        assert!(typing.start(ROOM, ADA, at(0)));
        assert!(typing.stop(ROOM, ADA));
        assert!(!typing.stop(ROOM, ADA));
    }

    #[test]
    fn the_silent_are_forgotten_when_there_are_many() {
        let typing = Typing::default();
        for room in 0..20_000 {
            typing.start(RoomId(room), ADA, at(room));
        }
        assert!(typing.0.lock().len() <= CROWD);
    }
}

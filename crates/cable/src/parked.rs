//! Sessions of sockets that were lost: what they followed, for a client that comes back in time.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::application::{ConnectionId, Keys, Shared, Whom};
use crate::limits::Limits;

/// Bytes that a session and each of its identifiers cost beside the text.
const OVERHEAD: usize = 64;

/// Who knows this and is the same person on the same device may resume a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SessionId {
    pub(crate) connection: ConnectionId,
    pub(crate) secret: u64,
}

impl SessionId {
    /// Reads what a client sent.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (connection, secret) = text.split_once('-')?;
        Some(Self {
            connection: connection.parse().ok()?,
            secret: u64::from_str_radix(secret, 16).ok()?,
        })
    }
}

impl std::fmt::Display for SessionId {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}-{:016x}", self.connection, self.secret)
    }
}

/// What a lost socket followed.
struct Session {
    id: SessionId,
    keys: Keys,
    identifiers: Vec<Shared>,
    bytes: usize,
    since: Instant,
}

/// Lost sockets' sessions for a few minutes, bounded in number and bytes, for all and for each
/// person.
#[derive(Default)]
pub(crate) struct Parked(Mutex<Shelf>);

#[derive(Default)]
struct Shelf {
    /// By person, the longest parked first.
    users: HashMap<i64, VecDeque<Session>>,
    sessions: usize,
    bytes: usize,
}

impl Parked {
    /// Keeps a lost socket's session. A person's oldest make room for their newest; when there is
    /// no room for all, it is not kept and its client simply subscribes anew.
    pub(crate) fn park(
        &self,
        id: SessionId,
        keys: Keys,
        identifiers: Vec<Shared>,
        limits: &Limits,
    ) {
        let bytes = OVERHEAD
            + identifiers.iter().map(|identifier| identifier.len() + OVERHEAD).sum::<usize>();
        if identifiers.is_empty()
            || bytes > limits.resumable_bytes_per_user
            || limits.resumable_per_user == 0
        {
            return;
        }
        let mut shelf = self.0.lock();
        while shelf.users.get(&keys.user).is_some_and(|own| {
            own.len() >= limits.resumable_per_user
                || own.iter().map(|session| session.bytes).sum::<usize>() + bytes
                    > limits.resumable_bytes_per_user
        }) {
            shelf.remove(keys.user, 0);
        }
        if shelf.sessions < limits.resumable && shelf.bytes + bytes <= limits.resumable_bytes {
            shelf.sessions += 1;
            shelf.bytes += bytes;
            shelf.users.entry(keys.user).or_default().push_back(Session {
                id,
                keys,
                identifiers,
                bytes,
                since: Instant::now(),
            });
        }
    }

    /// What the socket of this session followed, if it was the same person on the same device and
    /// not too long ago.
    pub(crate) fn take(&self, id: SessionId, keys: Keys, age: Duration) -> Option<Vec<Shared>> {
        let mut shelf = self.0.lock();
        let place = shelf
            .users
            .get(&keys.user)?
            .iter()
            .position(|session| session.id == id && session.keys == keys)?;
        let session = shelf.remove(keys.user, place)?;
        (session.since.elapsed() <= age).then_some(session.identifiers)
    }

    /// Whoever was disconnected by the server must not come back this way.
    pub(crate) fn forget(&self, whom: Whom) {
        self.0.lock().retain(|session| !whom.is(session.keys));
    }

    /// Forgets what is older than `age`.
    pub(crate) fn sweep(&self, now: Instant, age: Duration) {
        self.0.lock().retain(|session| now.duration_since(session.since) <= age);
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.lock().sessions
    }
}

impl Shelf {
    fn remove(&mut self, user: i64, place: usize) -> Option<Session> {
        let own = self.users.get_mut(&user)?;
        let session = own.remove(place);
        if own.is_empty() {
            self.users.remove(&user);
        }
        if let Some(session) = &session {
            self.sessions -= 1;
            self.bytes -= session.bytes;
        }
        session
    }

    fn retain(&mut self, keep: impl Fn(&Session) -> bool) {
        let (sessions, bytes) = (&mut self.sessions, &mut self.bytes);
        self.users.retain(|_, own| {
            own.retain(|session| {
                let kept = keep(session);
                if !kept {
                    *sessions -= 1;
                    *bytes -= session.bytes;
                }
                kept
            });
            !own.is_empty()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(connection: ConnectionId) -> SessionId {
        SessionId { connection, secret: 7 }
    }

    fn keys(user: i64) -> Keys {
        Keys { user, session: user * 10 }
    }

    fn park(parked: &Parked, connection: ConnectionId, user: i64, text: usize, limits: &Limits) {
        parked.park(id(connection), keys(user), vec!["x".repeat(text).into()], limits);
    }

    const AGE: Duration = Duration::from_secs(300);

    #[test]
    fn number_and_bytes_are_bounded_for_all_and_for_each() {
        let limits = Limits {
            resumable: 4,
            resumable_bytes: 3_000,
            resumable_per_user: 2,
            resumable_bytes_per_user: 1_500,
            ..Limits::default()
        };
        let parked = Parked::default();
        for connection in 1..=3 {
            park(&parked, connection, 1, 10, &limits);
        }
        assert_eq!(parked.len(), 2);
        assert!(parked.take(id(1), keys(1), AGE).is_none(), "the oldest made room");
        park(&parked, 4, 2, 1_600, &limits);
        assert_eq!(parked.len(), 2, "one that is too large for a person is not kept");
        park(&parked, 5, 2, 1_300, &limits);
        park(&parked, 6, 3, 1_300, &limits);
        assert_eq!(parked.len(), 3, "all bytes are taken");
        park(&parked, 7, 3, 10, &limits);
        park(&parked, 8, 4, 10, &limits);
        assert_eq!(parked.len(), 4, "all places are taken");
        assert!(parked.take(id(5), keys(2), AGE).is_some());
        parked.forget(Whom::User(1));
        parked.forget(Whom::Session(30));
        let shelf = parked.0.lock();
        assert_eq!(
            (shelf.sessions, shelf.bytes, shelf.users.len()),
            (0, 0, 0),
            "what is taken and forgotten gives its place back"
        );
    }

    #[test]
    fn the_old_and_those_of_others_cannot_be_taken() {
        let (parked, limits) = (Parked::default(), Limits::default());
        park(&parked, 1, 1, 10, &limits);
        assert!(parked.take(id(1), keys(2), AGE).is_none());
        assert!(parked.take(id(1), Keys { user: 1, session: 11 }, AGE).is_none(), "another device");
        assert!(
            parked.take(SessionId { connection: 1, secret: 8 }, keys(1), AGE).is_none(),
            "a guess"
        );
        parked.sweep(Instant::now(), AGE);
        assert_eq!(parked.len(), 1);
        parked.sweep(Instant::now() + AGE + Duration::from_secs(1), AGE);
        assert_eq!(parked.len(), 0);
        park(&parked, 1, 1, 10, &limits);
        assert!(
            parked.take(id(1), keys(1), Duration::ZERO).is_none(),
            "too old, though not swept yet"
        );
    }
}

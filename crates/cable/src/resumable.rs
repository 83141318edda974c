//! Sessions of lost connections: their subscriptions, kept for clients that reconnect in time.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::application::{ConnectionId, Owner, Shared, Target};
use crate::limits::Limits;

/// Estimated overhead of a session and of each identifier, in bytes.
const OVERHEAD: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SessionId {
    pub(crate) connection: ConnectionId,
    pub(crate) secret: u64,
}

impl SessionId {
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

/// The subscriptions of a lost connection.
struct Session {
    id: SessionId,
    owner: Owner,
    identifiers: Vec<Shared>,
    bytes: usize,
    since: Instant,
}

/// Resumable sessions, bounded by count and bytes, in total and per user.
#[derive(Default)]
pub(crate) struct ResumableSessions(Mutex<Sessions>);

#[derive(Default)]
struct Sessions {
    /// By user, oldest first.
    users: HashMap<i64, VecDeque<Session>>,
    count: usize,
    bytes: usize,
}

impl ResumableSessions {
    /// Stores a lost connection's session. A user's oldest sessions are evicted to make room. When
    /// the total limit is reached the session is not stored, and its client subscribes again
    /// instead.
    pub(crate) fn insert(
        &self,
        id: SessionId,
        owner: Owner,
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
        let mut sessions = self.0.lock();
        while sessions.users.get(&owner.user).is_some_and(|queue| {
            queue.len() >= limits.resumable_per_user
                || queue.iter().map(|session| session.bytes).sum::<usize>() + bytes
                    > limits.resumable_bytes_per_user
        }) {
            sessions.remove(owner.user, 0);
        }
        if sessions.count < limits.resumable && sessions.bytes + bytes <= limits.resumable_bytes {
            sessions.count += 1;
            sessions.bytes += bytes;
            sessions.users.entry(owner.user).or_default().push_back(Session {
                id,
                owner,
                identifiers,
                bytes,
                since: Instant::now(),
            });
        }
    }

    /// Removes a session and returns its identifiers, if `owner` matches and it is not older than
    /// `age`.
    pub(crate) fn take(&self, id: SessionId, owner: Owner, age: Duration) -> Option<Vec<Shared>> {
        let mut sessions = self.0.lock();
        let index = sessions
            .users
            .get(&owner.user)?
            .iter()
            .position(|session| session.id == id && session.owner == owner)?;
        let session = sessions.remove(owner.user, index)?;
        (session.since.elapsed() <= age).then_some(session.identifiers)
    }

    /// Removes the sessions of clients that the server disconnected.
    pub(crate) fn remove(&self, target: Target) {
        self.0.lock().retain(|session| !target.matches(session.owner));
    }

    pub(crate) fn evict_expired(&self, now: Instant, age: Duration) {
        self.0.lock().retain(|session| now.duration_since(session.since) <= age);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.lock().count
    }
}

impl Sessions {
    fn remove(&mut self, user: i64, index: usize) -> Option<Session> {
        let queue = self.users.get_mut(&user)?;
        let session = queue.remove(index);
        if queue.is_empty() {
            self.users.remove(&user);
        }
        if let Some(session) = &session {
            self.count -= 1;
            self.bytes -= session.bytes;
        }
        session
    }

    fn retain(&mut self, keep: impl Fn(&Session) -> bool) {
        let (count, bytes) = (&mut self.count, &mut self.bytes);
        self.users.retain(|_, queue| {
            queue.retain(|session| {
                let kept = keep(session);
                if !kept {
                    *count -= 1;
                    *bytes -= session.bytes;
                }
                kept
            });
            !queue.is_empty()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(connection: ConnectionId) -> SessionId {
        SessionId { connection, secret: 7 }
    }

    fn owner(user: i64) -> Owner {
        Owner { user, session: user * 10 }
    }

    fn insert(
        resumable: &ResumableSessions,
        connection: ConnectionId,
        user: i64,
        text: usize,
        limits: &Limits,
    ) {
        resumable.insert(id(connection), owner(user), vec!["x".repeat(text).into()], limits);
    }

    const AGE: Duration = Duration::from_secs(300);

    #[test]
    fn count_and_bytes_are_bounded_in_total_and_per_user() {
        let limits = Limits {
            resumable: 4,
            resumable_bytes: 3_000,
            resumable_per_user: 2,
            resumable_bytes_per_user: 1_500,
            ..Limits::default()
        };
        let resumable = ResumableSessions::default();
        for connection in 1..=3 {
            insert(&resumable, connection, 1, 10, &limits);
        }
        assert_eq!(resumable.len(), 2);
        assert!(resumable.take(id(1), owner(1), AGE).is_none(), "the oldest session was evicted");
        insert(&resumable, 4, 2, 1_600, &limits);
        assert_eq!(resumable.len(), 2, "a session larger than the limit per user is not stored");
        insert(&resumable, 5, 2, 1_300, &limits);
        insert(&resumable, 6, 3, 1_300, &limits);
        assert_eq!(resumable.len(), 3, "the total byte limit is reached");
        insert(&resumable, 7, 3, 10, &limits);
        insert(&resumable, 8, 4, 10, &limits);
        assert_eq!(resumable.len(), 4, "the total session limit is reached");
        assert!(resumable.take(id(5), owner(2), AGE).is_some());
        resumable.remove(Target::User(1));
        resumable.remove(Target::Session(30));
        let sessions = resumable.0.lock();
        assert_eq!(
            (sessions.count, sessions.bytes, sessions.users.len()),
            (0, 0, 0),
            "removed sessions are no longer counted"
        );
    }

    #[test]
    fn expired_and_foreign_sessions_cannot_be_taken() {
        let (resumable, limits) = (ResumableSessions::default(), Limits::default());
        insert(&resumable, 1, 1, 10, &limits);
        assert!(resumable.take(id(1), owner(2), AGE).is_none());
        assert!(
            resumable.take(id(1), Owner { user: 1, session: 11 }, AGE).is_none(),
            "another session of the same user"
        );
        assert!(
            resumable.take(SessionId { connection: 1, secret: 8 }, owner(1), AGE).is_none(),
            "a wrong secret"
        );
        resumable.evict_expired(Instant::now(), AGE);
        assert_eq!(resumable.len(), 1);
        resumable.evict_expired(Instant::now() + AGE + Duration::from_secs(1), AGE);
        assert_eq!(resumable.len(), 0);
        insert(&resumable, 1, 1, 10, &limits);
        assert!(
            resumable.take(id(1), owner(1), Duration::ZERO).is_none(),
            "expired but not yet removed"
        );
    }
}

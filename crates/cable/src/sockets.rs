//! All sockets: their places, from the handshake to the last byte, and who is on them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use bytes::Bytes;
use parking_lot::RwLock;
use tokio::sync::Notify;

use crate::application::{Application, ConnectionId, Whom};
use crate::connection::Connection;
use crate::limits::Limits;

pub(crate) struct Sockets<A: Application> {
    places: RwLock<Places<A>>,
    next_id: AtomicU64,
    /// Told when the last seat was given back after the end.
    emptied: Notify,
}

struct Places<A: Application> {
    /// Nobody is let in any more.
    closed: bool,
    seats: usize,
    open: HashMap<ConnectionId, Arc<Connection<A>>>,
    /// Seats by person; those who are not signed in share one's.
    users: HashMap<Option<i64>, HashSet<ConnectionId>>,
}

/// A socket's place, held from before the handshake is answered until nothing is left of it.
pub(crate) struct Seat<A: Application> {
    sockets: Arc<Sockets<A>>,
    pub(crate) id: ConnectionId,
    user: Option<i64>,
}

impl<A: Application> Default for Sockets<A> {
    fn default() -> Self {
        let places =
            Places { closed: false, seats: 0, open: HashMap::new(), users: HashMap::new() };
        Self { places: RwLock::new(places), next_id: AtomicU64::new(1), emptied: Notify::new() }
    }
}

impl<A: Application> Sockets<A> {
    /// A place for a socket; `None` when the server or the person has too many, or after the end.
    pub(crate) fn reserve(self: &Arc<Self>, user: Option<i64>, limits: &Limits) -> Option<Seat<A>> {
        let mut places = self.places.write();
        let own = places.users.get(&user).map_or(0, HashSet::len);
        if places.closed || places.seats >= limits.connections || own >= limits.connections_per_user
        {
            return None;
        }
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        places.seats += 1;
        places.users.entry(user).or_default().insert(id);
        Some(Seat { sockets: self.clone(), id, user })
    }

    /// Lets nobody in any more; answers who is there.
    pub(crate) fn close(&self) -> Vec<Arc<Connection<A>>> {
        let mut places = self.places.write();
        places.closed = true;
        places.open.values().cloned().collect()
    }

    /// Returns when no seat is taken; to be called after [`Self::close`].
    pub(crate) async fn emptied(&self) {
        loop {
            // Made before the question, so that the last one cannot leave unseen in between.
            let emptied = self.emptied.notified();
            if self.places.read().seats == 0 {
                return;
            }
            emptied.await;
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.places.read().open.len()
    }

    pub(crate) fn get(&self, id: ConnectionId) -> Option<Arc<Connection<A>>> {
        self.places.read().open.get(&id).cloned()
    }

    /// Everybody who is there.
    pub(crate) fn all(&self) -> Vec<Arc<Connection<A>>> {
        self.places.read().open.values().cloned().collect()
    }

    /// All of a person or a device. Who joins later is asked for admission after this.
    pub(crate) fn of(&self, whom: Whom) -> Vec<Arc<Connection<A>>> {
        let places = self.places.read();
        match whom {
            Whom::User(user) => places
                .users
                .get(&Some(user))
                .into_iter()
                .flatten()
                .filter_map(|id| places.open.get(id).cloned())
                .collect(),
            Whom::Session(_) => places
                .open
                .values()
                .filter(|connection| whom.is(connection.keys))
                .cloned()
                .collect(),
        }
    }

    /// One frame to everyone; who has taken nothing for long is let go. Answers how many were.
    pub(crate) fn ping(&self, frame: &Bytes, limits: &Limits) -> usize {
        let now = Instant::now();
        let places = self.places.read();
        let is_slow = |connection: &&Arc<Connection<A>>| {
            if connection.outbox.is_stuck(now, limits.stuck) {
                connection.outbox.abandon();
                return true;
            }
            connection.is_welcome() && !connection.outbox.push(frame.clone(), limits)
        };
        places.open.values().filter(is_slow).count()
    }
}

impl<A: Application> Seat<A> {
    /// Somebody sits down: from here on they are found by [`Sockets::of`]. `false` after the end.
    pub(crate) fn take(&self, connection: Arc<Connection<A>>) -> bool {
        let mut places = self.sockets.places.write();
        if !places.closed {
            places.open.insert(self.id, connection);
        }
        !places.closed
    }
}

impl<A: Application> Drop for Seat<A> {
    fn drop(&mut self) {
        let mut places = self.sockets.places.write();
        places.seats -= 1;
        let connection = places.open.remove(&self.id);
        if let Some(own) = places.users.get_mut(&self.user) {
            own.remove(&self.id);
            if own.is_empty() {
                places.users.remove(&self.user);
            }
        }
        let empty = places.closed && places.seats == 0;
        drop(places);
        drop(connection);
        if empty {
            self.sockets.emptied.notify_waiters();
        }
    }
}

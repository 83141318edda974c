//! The open connections and the slots they occupy, from the handshake to the last byte.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use bytes::Bytes;
use parking_lot::RwLock;
use tokio::sync::Notify;

use crate::application::{Application, ConnectionId, Target};
use crate::connection::Connection;
use crate::limits::Limits;

pub(crate) struct ConnectionRegistry<A: Application> {
    state: RwLock<State<A>>,
    next_id: AtomicU64,
    /// Notified when the last slot is released after [`Self::close`].
    all_released: Notify,
}

struct State<A: Application> {
    /// No further connections are accepted.
    closed: bool,
    slots: usize,
    open: HashMap<ConnectionId, Arc<Connection<A>>>,
    /// Occupied slots by user; unauthenticated sockets share the key `None`.
    users: HashMap<Option<i64>, HashSet<ConnectionId>>,
}

/// A connection's slot in the limits, held from before the handshake response until the socket is
/// closed.
pub(crate) struct ConnectionSlot<A: Application> {
    registry: Arc<ConnectionRegistry<A>>,
    pub(crate) id: ConnectionId,
    user: Option<i64>,
}

impl<A: Application> Default for ConnectionRegistry<A> {
    fn default() -> Self {
        let state = State { closed: false, slots: 0, open: HashMap::new(), users: HashMap::new() };
        Self { state: RwLock::new(state), next_id: AtomicU64::new(1), all_released: Notify::new() }
    }
}

impl<A: Application> ConnectionRegistry<A> {
    /// Reserves a slot; `None` if the server or the user is at its limit, or the registry is
    /// closed.
    pub(crate) fn reserve(
        self: &Arc<Self>,
        user: Option<i64>,
        limits: &Limits,
    ) -> Option<ConnectionSlot<A>> {
        let mut state = self.state.write();
        let per_user = state.users.get(&user).map_or(0, HashSet::len);
        if state.closed
            || state.slots >= limits.connections
            || per_user >= limits.connections_per_user
        {
            return None;
        }
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        state.slots += 1;
        state.users.entry(user).or_default().insert(id);
        Some(ConnectionSlot { registry: self.clone(), id, user })
    }

    /// Accepts no further connections and returns the open ones.
    pub(crate) fn close(&self) -> Vec<Arc<Connection<A>>> {
        let mut state = self.state.write();
        state.closed = true;
        state.open.values().cloned().collect()
    }

    /// Returns when all slots are released; call it after [`Self::close`].
    pub(crate) async fn wait_until_empty(&self) {
        loop {
            // Created before the check, so that the last release in between is not missed.
            let all_released = self.all_released.notified();
            if self.state.read().slots == 0 {
                return;
            }
            all_released.await;
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.state.read().open.len()
    }

    pub(crate) fn get(&self, id: ConnectionId) -> Option<Arc<Connection<A>>> {
        self.state.read().open.get(&id).cloned()
    }

    pub(crate) fn all(&self) -> Vec<Arc<Connection<A>>> {
        self.state.read().open.values().cloned().collect()
    }

    /// The open connections of a user or session. A connection registered later checks its
    /// authorization after registering.
    pub(crate) fn matching(&self, target: Target) -> Vec<Arc<Connection<A>>> {
        let state = self.state.read();
        match target {
            Target::User(user) => state
                .users
                .get(&Some(user))
                .into_iter()
                .flatten()
                .filter_map(|id| state.open.get(id).cloned())
                .collect(),
            Target::Session(_) => state
                .open
                .values()
                .filter(|connection| target.matches(connection.owner))
                .cloned()
                .collect(),
        }
    }

    /// Sends a ping frame to every welcomed connection and disconnects those that accepted no bytes
    /// for too long. Returns how many slow clients it disconnected.
    pub(crate) fn ping(&self, frame: &Bytes, limits: &Limits) -> usize {
        let now = Instant::now();
        let state = self.state.read();
        let is_slow = |connection: &&Arc<Connection<A>>| {
            if connection.send_queue.is_stalled(now, limits.write_timeout) {
                connection.send_queue.abort();
                return true;
            }
            connection.is_welcomed() && !connection.send_queue.push(frame.clone(), limits)
        };
        state.open.values().filter(is_slow).count()
    }
}

impl<A: Application> ConnectionSlot<A> {
    /// Makes the connection visible to [`ConnectionRegistry::matching`]. `false` if the registry is
    /// closed.
    pub(crate) fn register(&self, connection: Arc<Connection<A>>) -> bool {
        let mut state = self.registry.state.write();
        if !state.closed {
            state.open.insert(self.id, connection);
        }
        !state.closed
    }
}

impl<A: Application> Drop for ConnectionSlot<A> {
    fn drop(&mut self) {
        let mut state = self.registry.state.write();
        state.slots -= 1;
        let connection = state.open.remove(&self.id);
        if let Some(ids) = state.users.get_mut(&self.user) {
            ids.remove(&self.id);
            if ids.is_empty() {
                state.users.remove(&self.user);
            }
        }
        let empty = state.closed && state.slots == 0;
        drop(state);
        drop(connection);
        if empty {
            self.registry.all_released.notify_waiters();
        }
    }
}

//! Where everything meets: sockets, streams, broadcasts, revocations, pings, the end.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use parking_lot::{Mutex, RwLock};

use crate::connection::Connection;
use crate::limits::Limits;
use crate::protocol;
use crate::resume::Resumable;
use crate::stream::{Stream, unix_millis};
use crate::{Application, ConnectionId, Keys, Shared};

/// The server side of `/cable`; cheap to clone.
pub struct Cable<A: Application>(pub(crate) Arc<Hub<A>>);

impl<A: Application> Clone for Cable<A> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

pub(crate) struct Hub<A: Application> {
    pub(crate) app: A,
    pub(crate) limits: Limits,
    /// Differs between two starts, so that positions of an earlier process are recognised as such.
    pub(crate) epoch: String,
    streams: RwLock<HashMap<Shared, Arc<Stream>>>,
    connections: RwLock<HashMap<ConnectionId, Arc<Connection<A>>>>,
    users: Mutex<HashMap<i64, HashSet<ConnectionId>>>,
    pub(crate) resumable: Resumable,
    next_id: AtomicU64,
    /// No stream was forgotten whose messages were newer than this, in Unix milliseconds.
    complete_since: AtomicU64,
    /// The highest position of all forgotten streams: a new one starts above it.
    floor: AtomicU64,
    pub(crate) draining: AtomicBool,
    counters: Counters,
}

#[derive(Default)]
struct Counters {
    broadcasts: AtomicU64,
    deliveries: AtomicU64,
    dropped_slow: AtomicU64,
}

/// How the cable is doing.
#[derive(Debug, Clone, Copy)]
pub struct Stats {
    /// Open sockets.
    pub connections: usize,
    /// Streams that somebody follows or that remember something.
    pub streams: usize,
    /// Broadcasts since the start.
    pub broadcasts: u64,
    /// Frames queued for subscribers since the start.
    pub deliveries: u64,
    /// Sockets dropped because they did not read.
    pub dropped_slow: u64,
}

/// Whose sockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    /// All of a person's.
    User(i64),
    /// Those of one device.
    Session(i64),
}

impl Whom {
    fn is(self, keys: Keys) -> bool {
        match self {
            Self::User(user) => keys.user == user,
            Self::Session(session) => keys.session == session,
        }
    }
}

impl<A: Application> Cable<A> {
    /// A cable for this application. Must be called inside a tokio runtime: one task pings all sockets.
    pub fn new(limits: Limits, app: A) -> Self {
        let hub = Arc::new(Hub {
            app,
            limits,
            epoch: format!("{:08x}", rand::random::<u32>()),
            streams: RwLock::default(),
            connections: RwLock::default(),
            users: Mutex::default(),
            resumable: Resumable::default(),
            next_id: AtomicU64::new(1),
            complete_since: AtomicU64::new(unix_millis()),
            floor: AtomicU64::new(0),
            draining: AtomicBool::new(false),
            counters: Counters::default(),
        });
        tokio::spawn(ping(Arc::downgrade(&hub)));
        Self(hub)
    }

    /// To all who follow `stream`, and to those who come back in time. `message` is JSON.
    pub fn broadcast(&self, stream: &str, message: Bytes) {
        let stream = self.0.stream(stream);
        self.0.deliver(&stream, &message, true);
    }

    /// To all who follow `stream` at this moment. `message` is JSON.
    pub fn notify(&self, stream: &str, message: Bytes) {
        let known = self.0.streams.read().get(stream).cloned();
        if let Some(stream) = known {
            self.0.deliver(&stream, &message, false);
        }
    }

    /// Ends the person's subscriptions to `stream`, then makes all their sockets reconnect. Nothing that is broadcast on it
    /// after this call returns reaches them.
    pub fn revoke(&self, user: i64, stream: &str) {
        for connection in self.0.connections_of(Whom::User(user)) {
            connection.unfollow(&self.0, stream);
        }
        self.disconnect(Whom::User(user), "remote", true);
    }

    /// Closes sockets with a reason; `reconnect` tells the client whether to come back.
    pub fn disconnect(&self, whom: Whom, reason: &str, reconnect: bool) {
        self.0.resumable.forget(|keys| whom.is(*keys));
        for connection in self.0.connections_of(whom) {
            connection.end(&self.0, Some((reason, reconnect)));
        }
    }

    /// How the cable is doing.
    pub fn stats(&self) -> Stats {
        let counters = &self.0.counters;
        Stats {
            connections: self.0.connections.read().len(),
            streams: self.0.streams.read().len(),
            broadcasts: counters.broadcasts.load(Ordering::Relaxed),
            deliveries: counters.deliveries.load(Ordering::Relaxed),
            dropped_slow: counters.dropped_slow.load(Ordering::Relaxed),
        }
    }

    /// Takes no new sockets, tells all others `server_restart`, and waits until they have it or `limit` is over.
    pub async fn drain(&self, limit: Duration) {
        self.0.draining.store(true, Ordering::SeqCst);
        let all = self.0.connections.read().values().cloned().collect::<Vec<_>>();
        for connection in &all {
            connection.end(&self.0, Some(("server_restart", true)));
        }
        drop(all);
        let gone = async {
            while !self.0.connections.read().is_empty() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        if tokio::time::timeout(limit, gone).await.is_err() {
            tracing::warn!(left = self.0.connections.read().len(), "some sockets did not take their goodbye");
        }
    }
}

impl<A: Application> Hub<A> {
    /// Registers a socket; `None` when the server or the person has too many.
    pub(crate) fn register(&self, make: impl FnOnce(ConnectionId) -> Connection<A>) -> Option<Arc<Connection<A>>> {
        let connection = Arc::new(make(self.next_id.fetch_add(1, Ordering::Relaxed)));
        let mut connections = self.connections.write();
        let mut users = self.users.lock();
        let own = users.entry(connection.keys.user).or_default();
        if connections.len() >= self.limits.connections || own.len() >= self.limits.connections_per_user {
            return None;
        }
        own.insert(connection.id);
        connections.insert(connection.id, connection.clone());
        Some(connection)
    }

    pub(crate) fn unregister(&self, connection: &Connection<A>) {
        self.connections.write().remove(&connection.id);
        let mut users = self.users.lock();
        if let Some(own) = users.get_mut(&connection.keys.user) {
            own.remove(&connection.id);
            if own.is_empty() {
                users.remove(&connection.keys.user);
            }
        }
    }

    /// Whether a person has as many sockets as they may, or the server has.
    pub(crate) fn is_full_for(&self, user: i64) -> bool {
        self.connections.read().len() >= self.limits.connections
            || self.users.lock().get(&user).is_some_and(|own| own.len() >= self.limits.connections_per_user)
    }

    pub(crate) fn connection(&self, id: ConnectionId) -> Option<Arc<Connection<A>>> {
        self.connections.read().get(&id).cloned()
    }

    fn connections_of(&self, whom: Whom) -> Vec<Arc<Connection<A>>> {
        let connections = self.connections.read();
        match whom {
            Whom::User(user) => {
                let own = self.users.lock().get(&user).cloned().unwrap_or_default();
                own.iter().filter_map(|id| connections.get(id).cloned()).collect()
            }
            Whom::Session(_) => connections.values().filter(|connection| whom.is(connection.keys)).cloned().collect(),
        }
    }

    /// The stream of this name, made on first use.
    pub(crate) fn stream(&self, name: &str) -> Arc<Stream> {
        if let Some(stream) = self.streams.read().get(name) {
            return stream.clone();
        }
        let mut streams = self.streams.write();
        let (floor, complete) = (self.floor.load(Ordering::Acquire), self.complete_since.load(Ordering::Acquire));
        let name: Shared = name.into();
        streams.entry(name.clone()).or_insert_with(|| Arc::new(Stream::new(name, floor, complete))).clone()
    }

    fn deliver(&self, stream: &Stream, message: &Bytes, keep: bool) {
        let delivered = stream.broadcast(message, keep, &self.epoch, &self.limits);
        self.counters.broadcasts.fetch_add(1, Ordering::Relaxed);
        self.counters.deliveries.fetch_add(delivered.frames as u64, Ordering::Relaxed);
        self.count_slow(delivered.slow.len());
    }

    fn count_slow(&self, count: usize) {
        if count > 0 {
            self.counters.dropped_slow.fetch_add(count as u64, Ordering::Relaxed);
            tracing::info!(count, "dropped sockets that did not read");
        }
    }

    /// One frame for each protocol alike, to everyone; who has taken nothing for long is let go.
    fn ping_all(&self) {
        let now = Instant::now();
        let frame = protocol::ping(unix_millis() / 1000);
        let connections = self.connections.read();
        let mut slow = 0;
        for connection in connections.values() {
            if connection.outbox.is_stuck(now, self.limits.stuck) {
                connection.outbox.abandon();
                slow += 1;
            } else if connection.is_welcome() && !connection.outbox.push(frame.clone(), &self.limits) {
                slow += 1;
            }
        }
        drop(connections);
        self.count_slow(slow);
    }

    fn sweep(&self) {
        let now = Instant::now();
        self.resumable.sweep(now, self.limits.history_age);
        let unused = self.streams.read().values().filter(|stream| stream.sweep(now, &self.limits).is_some()).cloned().collect::<Vec<_>>();
        let mut streams = self.streams.write();
        for stream in unused {
            // Somebody may have come in between; the map's lock keeps others from finding the stream, a count of two means
            // that only this list and the map hold it.
            if let Some(position) = stream.sweep(now, &self.limits).filter(|_| Arc::strong_count(&stream) == 2) {
                self.floor.fetch_max(position, Ordering::AcqRel);
                self.complete_since.fetch_max(unix_millis(), Ordering::AcqRel);
                streams.remove(&stream.name);
            }
        }
    }
}

/// Pings for all sockets from one timer, and the clean-up that goes with them.
async fn ping<A: Application>(hub: std::sync::Weak<Hub<A>>) {
    let Some(period) = hub.upgrade().map(|hub| hub.limits.ping) else { return };
    let mut ticks = tokio::time::interval_at(tokio::time::Instant::now() + period, period);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(hub) = hub.upgrade() else { return };
        hub.ping_all();
        hub.sweep();
    }
}

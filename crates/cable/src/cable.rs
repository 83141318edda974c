//! The public interface for the rest of the program: broadcasts, revocations, disconnects, pings
//! and draining.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::application::{Application, Target};
use crate::connection::Connection;
use crate::engine::Engine;
use crate::frame::close;
use crate::limits::Limits;
use crate::protocol::{self, Disconnect};
use crate::registry::ConnectionRegistry;
use crate::resumable::SessionId;
use crate::stream::unix_millis;

/// A handle to the Action Cable server; cheap to clone.
pub struct Cable<A: Application> {
    pub(crate) engine: Arc<Engine<A>>,
    pub(crate) registry: Arc<ConnectionRegistry<A>>,
}

impl<A: Application> Clone for Cable<A> {
    fn clone(&self) -> Self {
        Self { engine: self.engine.clone(), registry: self.registry.clone() }
    }
}

/// A snapshot of the gauges and counters.
#[derive(Debug, Clone, Copy)]
pub struct Stats {
    /// Open sockets.
    pub connections: usize,
    /// Subscriptions of all sockets.
    pub subscriptions: usize,
    /// Streams that have subscribers or retained history.
    pub streams: usize,
    /// Sessions of lost connections that can still be resumed.
    pub resumable: usize,
    /// Broadcasts since the process started.
    pub broadcasts: u64,
    /// Frames queued for subscribers since the process started.
    pub deliveries: u64,
    /// Sockets disconnected because the client did not read.
    pub dropped_slow: u64,
}

impl<A: Application> Cable<A> {
    /// Creates the server and starts the task that pings all sockets.
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub fn new(limits: Limits, app: A) -> Self {
        let cable = Self { engine: Arc::new(Engine::new(limits, app)), registry: Arc::default() };
        tokio::spawn(ping(
            Arc::downgrade(&cable.engine),
            Arc::downgrade(&cable.registry),
            cable.engine.limits.ping_interval,
        ));
        cable
    }

    /// Sends `message`, which must be JSON, to all subscribers of `stream` and keeps it in the
    /// stream's history for clients that reconnect.
    pub fn broadcast(&self, stream: &str, message: Bytes) {
        let Engine { streams, limits, .. } = &*self.engine;
        self.engine.count_slow_disconnects(streams.deliver(
            &streams.get(stream),
            &message,
            true,
            limits,
        ));
    }

    /// Sends `message`, which must be JSON, to the current subscribers of `stream` without keeping
    /// it.
    pub fn notify(&self, stream: &str, message: Bytes) {
        let Engine { streams, limits, .. } = &*self.engine;
        if let Some(stream) = streams.find(stream) {
            self.engine.count_slow_disconnects(streams.deliver(&stream, &message, false, limits));
        }
    }

    /// Revokes a user's access to `stream`: makes all their sockets reconnect, so that each
    /// subscription is authorized again. Nothing broadcast on the stream after this call returns
    /// reaches the user's current sockets.
    pub fn revoke(&self, user: i64, stream: &str) {
        tracing::debug!(user, stream, "a stream was revoked");
        self.disconnect(Target::User(user), "remote", true);
    }

    /// Disconnects sockets with a reason; `reconnect` tells the client whether to reconnect. Their
    /// sessions cannot be resumed.
    pub fn disconnect(&self, target: Target, reason: &str, reconnect: bool) {
        for connection in self.registry.matching(target) {
            connection
                .disconnect(&self.engine, Disconnect { reason, reconnect, code: close::NORMAL });
        }
        // After the live sockets: a socket that was lost in the meantime has stored its session by
        // now, and one that was resuming a session is already disconnected.
        self.engine.resumable.remove(target);
    }

    /// Checks every socket's authorization again and disconnects those that lost it: for changes
    /// that no event announced, such as another program's write. Calls
    /// [`Application::is_authorized`] once per socket on the calling thread.
    pub fn recheck_authorization(&self) {
        for connection in self.registry.all() {
            let message = match connection.is_authorized(&self.engine) {
                Some(true) => continue,
                Some(false) => {
                    Disconnect { reason: "remote", reconnect: false, code: close::NORMAL }
                }
                None => Disconnect::RESTART,
            };
            connection.disconnect(&self.engine, message);
        }
        // Resumable sessions are checked when their client reconnects.
    }

    /// Returns the current gauges and counters.
    pub fn stats(&self) -> Stats {
        let Engine { streams, resumable, .. } = &*self.engine;
        Stats {
            connections: self.registry.len(),
            subscriptions: self.engine.subscriptions.load(Ordering::Relaxed),
            streams: streams.len(),
            resumable: resumable.len(),
            broadcasts: streams.broadcasts.load(Ordering::Relaxed),
            deliveries: streams.deliveries.load(Ordering::Relaxed),
            dropped_slow: self.engine.dropped_slow.load(Ordering::Relaxed),
        }
    }

    /// Refuses new sockets, disconnects all others with `server_restart`, including those whose
    /// handshake is in progress, and waits until they are closed or `limit` has passed.
    pub async fn drain(&self, limit: Duration) {
        for connection in self.registry.close() {
            connection.disconnect(&self.engine, Disconnect::RESTART);
        }
        if tokio::time::timeout(limit, self.registry.wait_until_empty()).await.is_err() {
            let left = self.registry.close();
            tracing::warn!(left = left.len(), "some sockets did not close in time; dropping them");
            left.iter().for_each(|connection| connection.send_queue.abort());
        }
    }

    /// Welcomes a registered client if it is still authorized. The check comes after the
    /// registration: a concurrent sign-out either precedes the check or finds the socket.
    pub(crate) fn welcome(
        &self,
        identity: &A::Identity,
        connection: &Connection<A>,
        previous: Option<SessionId>,
    ) {
        match self.engine.app.is_authorized(identity) {
            Some(true) => {}
            Some(false) => return connection.disconnect(&self.engine, Disconnect::UNAUTHORIZED),
            None => return connection.disconnect(&self.engine, Disconnect::RESTART),
        }
        let previous = previous
            .filter(|_| connection.can_resume())
            .and_then(|previous| self.previous_subscriptions(connection, previous));
        connection.welcome(&self.engine, previous);
    }

    /// Takes over the subscriptions of an earlier socket of the same device, whether or not the
    /// server has noticed that it was lost.
    fn previous_subscriptions(
        &self,
        connection: &Connection<A>,
        id: SessionId,
    ) -> Option<Vec<crate::application::Shared>> {
        let old = self
            .registry
            .get(id.connection)
            .filter(|old| old.session() == id && old.owner == connection.owner);
        let age = self.engine.limits.history_age;
        old.and_then(|old| old.hand_over(&self.engine))
            .or_else(|| self.engine.resumable.take(id, connection.owner, age))
    }
}

/// Pings all sockets from one timer and removes expired sessions and history.
async fn ping<A: Application>(
    engine: Weak<Engine<A>>,
    registry: Weak<ConnectionRegistry<A>>,
    period: Duration,
) {
    let mut ticks = tokio::time::interval_at(tokio::time::Instant::now() + period, period);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let (Some(engine), Some(registry)) = (engine.upgrade(), registry.upgrade()) else { return };
        engine.count_slow_disconnects(
            registry.ping(&protocol::ping(unix_millis() / 1000), &engine.limits),
        );
        let now = Instant::now();
        engine.resumable.evict_expired(now, engine.limits.history_age);
        engine.streams.evict_expired(now, &engine.limits);
    }
}

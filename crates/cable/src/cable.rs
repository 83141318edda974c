//! The server side of `/cable` as the rest of a program sees it: broadcasts, revocations, pings,
//! the end.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::application::{Application, Whom};
use crate::connection::Connection;
use crate::engine::Engine;
use crate::frame::close;
use crate::limits::Limits;
use crate::parked::SessionId;
use crate::protocol::{self, Goodbye};
use crate::sockets::Sockets;
use crate::stream::unix_millis;

/// The server side of `/cable`; cheap to clone.
pub struct Cable<A: Application> {
    pub(crate) engine: Arc<Engine<A>>,
    pub(crate) sockets: Arc<Sockets<A>>,
}

impl<A: Application> Clone for Cable<A> {
    fn clone(&self) -> Self {
        Self { engine: self.engine.clone(), sockets: self.sockets.clone() }
    }
}

/// How the cable is doing.
#[derive(Debug, Clone, Copy)]
pub struct Stats {
    /// Open sockets.
    pub connections: usize,
    /// Subscriptions of all sockets.
    pub subscriptions: usize,
    /// Streams that somebody follows or that remember something.
    pub streams: usize,
    /// Sessions of lost sockets that can be resumed.
    pub resumable: usize,
    /// Broadcasts since the start.
    pub broadcasts: u64,
    /// Frames queued for subscribers since the start.
    pub deliveries: u64,
    /// Sockets dropped because they did not read.
    pub dropped_slow: u64,
}

impl<A: Application> Cable<A> {
    /// A cable for this application. Must be called inside a tokio runtime: one task pings all
    /// sockets.
    pub fn new(limits: Limits, app: A) -> Self {
        let cable = Self { engine: Arc::new(Engine::new(limits, app)), sockets: Arc::default() };
        tokio::spawn(ping(
            Arc::downgrade(&cable.engine),
            Arc::downgrade(&cable.sockets),
            cable.engine.limits.ping,
        ));
        cable
    }

    /// To all who follow `stream`, and to those who come back in time. `message` is JSON.
    pub fn broadcast(&self, stream: &str, message: Bytes) {
        let Engine { streams, limits, .. } = &*self.engine;
        self.engine.count_slow(streams.deliver(&streams.get(stream), &message, true, limits));
    }

    /// To all who follow `stream` at this moment. `message` is JSON.
    pub fn notify(&self, stream: &str, message: Bytes) {
        let Engine { streams, limits, .. } = &*self.engine;
        if let Some(stream) = streams.find(stream) {
            self.engine.count_slow(streams.deliver(&stream, &message, false, limits));
        }
    }

    /// The person may not follow `stream` any more: makes all their sockets reconnect and ask for
    /// everything anew. Nothing that is broadcast on it after this call returns reaches them.
    pub fn revoke(&self, user: i64, stream: &str) {
        tracing::debug!(user, stream, "a stream was revoked");
        self.disconnect(Whom::User(user), "remote", true);
    }

    /// Closes sockets with a reason; `reconnect` tells the client whether to come back. What they
    /// followed cannot be resumed.
    pub fn disconnect(&self, whom: Whom, reason: &str, reconnect: bool) {
        for connection in self.sockets.of(whom) {
            connection.end(&self.engine, Goodbye { reason, reconnect, code: close::NORMAL });
        }
        // After the sockets: one that was lost meanwhile has its session parked by now, and one
        // that was resuming a session has ended and can do nothing with it.
        self.engine.parked.forget(whom);
    }

    /// Asks anew for every device whether it may be connected, and ends the sockets of those that
    /// may not: for changes that nobody announced. Asks once per socket, on the calling thread.
    pub fn recheck(&self) {
        for connection in self.sockets.all() {
            let goodbye = match connection.admitted(&self.engine) {
                Some(true) => continue,
                Some(false) => Goodbye { reason: "remote", reconnect: false, code: close::NORMAL },
                None => Goodbye::RESTART,
            };
            connection.end(&self.engine, goodbye);
        }
        // What was lost is asked about when it comes back.
    }

    /// How the cable is doing.
    pub fn stats(&self) -> Stats {
        let Engine { streams, parked, .. } = &*self.engine;
        Stats {
            connections: self.sockets.len(),
            subscriptions: self.engine.subscriptions.load(Ordering::Relaxed),
            streams: streams.len(),
            resumable: parked.len(),
            broadcasts: streams.broadcasts.load(Ordering::Relaxed),
            deliveries: streams.deliveries.load(Ordering::Relaxed),
            dropped_slow: self.engine.dropped_slow.load(Ordering::Relaxed),
        }
    }

    /// Takes no new sockets, tells all others `server_restart`, those in the middle of their
    /// handshake too, and waits until they have it or `limit` is over.
    pub async fn drain(&self, limit: Duration) {
        for connection in self.sockets.close() {
            connection.end(&self.engine, Goodbye::RESTART);
        }
        if tokio::time::timeout(limit, self.sockets.emptied()).await.is_err() {
            let left = self.sockets.close();
            tracing::warn!(left = left.len(), "some sockets did not take their goodbye");
            left.iter().for_each(|connection| connection.outbox.abandon());
        }
    }

    /// Welcomes a client that has its seat, if it may still be connected. This is asked after it
    /// was seated: a sign-out comes either before the question or finds the socket.
    pub(crate) fn begin(
        &self,
        who: &A::Identity,
        connection: &Connection<A>,
        earlier: Option<SessionId>,
    ) {
        match self.engine.app.admits(who) {
            Some(true) => {}
            Some(false) => return connection.end(&self.engine, Goodbye::UNAUTHORIZED),
            None => return connection.end(&self.engine, Goodbye::RESTART),
        }
        let earlier = earlier
            .filter(|_| connection.can_resume())
            .and_then(|earlier| self.earlier(connection, earlier));
        connection.begin(&self.engine, earlier);
    }

    /// What an earlier socket of the same device followed, be it lost or not yet known to be lost.
    fn earlier(
        &self,
        connection: &Connection<A>,
        id: SessionId,
    ) -> Option<Vec<crate::application::Shared>> {
        let old = self
            .sockets
            .get(id.connection)
            .filter(|old| old.session() == id && old.keys == connection.keys);
        let age = self.engine.limits.history_age;
        old.and_then(|old| old.hand_over(&self.engine))
            .or_else(|| self.engine.parked.take(id, connection.keys, age))
    }
}

/// Pings for all sockets from one timer, and the clean-up that goes with them.
async fn ping<A: Application>(
    engine: Weak<Engine<A>>,
    sockets: Weak<Sockets<A>>,
    period: Duration,
) {
    let mut ticks = tokio::time::interval_at(tokio::time::Instant::now() + period, period);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let (Some(engine), Some(sockets)) = (engine.upgrade(), sockets.upgrade()) else { return };
        engine.count_slow(sockets.ping(&protocol::ping(unix_millis() / 1000), &engine.limits));
        let now = Instant::now();
        engine.parked.sweep(now, engine.limits.history_age);
        engine.streams.sweep(now, &engine.limits);
    }
}

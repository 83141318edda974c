//! State shared by all sockets: the application, the limits, the streams, the resumable sessions
//! and the counters.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use crate::application::Application;
use crate::limits::Limits;
use crate::resumable::ResumableSessions;
use crate::streams::Streams;

pub(crate) struct Engine<A: Application> {
    pub(crate) app: A,
    pub(crate) limits: Limits,
    pub(crate) streams: Streams,
    pub(crate) resumable: ResumableSessions,
    /// Active subscriptions of all sockets.
    pub(crate) subscriptions: AtomicUsize,
    pub(crate) dropped_slow: AtomicU64,
}

impl<A: Application> Engine<A> {
    pub(crate) fn new(limits: Limits, app: A) -> Self {
        Self {
            app,
            limits,
            streams: Streams::default(),
            resumable: ResumableSessions::default(),
            subscriptions: AtomicUsize::new(0),
            dropped_slow: AtomicU64::new(0),
        }
    }

    pub(crate) fn count_slow_disconnects(&self, count: usize) {
        if count > 0 {
            self.dropped_slow.fetch_add(count as u64, Ordering::Relaxed);
            tracing::info!(count, "disconnected slow clients");
        }
    }
}

//! What all sockets share: the application, the limits, the streams, the sessions of lost sockets,
//! the counters.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use crate::application::Application;
use crate::limits::Limits;
use crate::parked::Parked;
use crate::streams::Streams;

pub(crate) struct Engine<A: Application> {
    pub(crate) app: A,
    pub(crate) limits: Limits,
    pub(crate) streams: Streams,
    pub(crate) parked: Parked,
    /// Subscriptions that stand.
    pub(crate) subscriptions: AtomicUsize,
    pub(crate) dropped_slow: AtomicU64,
}

impl<A: Application> Engine<A> {
    pub(crate) fn new(limits: Limits, app: A) -> Self {
        Self {
            app,
            limits,
            streams: Streams::default(),
            parked: Parked::default(),
            subscriptions: AtomicUsize::new(0),
            dropped_slow: AtomicU64::new(0),
        }
    }

    /// So many sockets were dropped because they did not read.
    pub(crate) fn count_slow(&self, count: usize) {
        if count > 0 {
            self.dropped_slow.fetch_add(count as u64, Ordering::Relaxed);
            tracing::info!(count, "dropped sockets that did not read");
        }
    }
}

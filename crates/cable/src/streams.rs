//! All streams by name: created on first use, removed when they have neither subscribers nor
//! history.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use bytes::Bytes;
use parking_lot::RwLock;

use crate::application::Shared;
use crate::limits::Limits;
use crate::stream::{Stream, unix_millis};

pub(crate) struct Streams {
    /// Random for each process, so that positions from an earlier process are recognized as such.
    pub(crate) epoch: String,
    by_name: RwLock<HashMap<Shared, Arc<Stream>>>,
    /// Unix milliseconds: no removed stream had messages newer than this.
    complete_since: AtomicU64,
    /// The highest position of all removed streams: a new one starts above it.
    min_position: AtomicU64,
    pub(crate) broadcasts: AtomicU64,
    pub(crate) deliveries: AtomicU64,
}

impl Default for Streams {
    fn default() -> Self {
        Self {
            epoch: format!("{:08x}", rand::random::<u32>()),
            by_name: RwLock::default(),
            complete_since: AtomicU64::new(unix_millis()),
            min_position: AtomicU64::new(0),
            broadcasts: AtomicU64::new(0),
            deliveries: AtomicU64::new(0),
        }
    }
}

impl Streams {
    /// Returns the stream, creating it on first use.
    pub(crate) fn get(&self, name: &str) -> Arc<Stream> {
        if let Some(stream) = self.find(name) {
            return stream;
        }
        let mut streams = self.by_name.write();
        let (min_position, complete_since) = (
            self.min_position.load(Ordering::Acquire),
            self.complete_since.load(Ordering::Acquire),
        );
        let name: Shared = name.into();
        streams
            .entry(name.clone())
            .or_insert_with(|| Arc::new(Stream::new(name, min_position, complete_since)))
            .clone()
    }

    pub(crate) fn find(&self, name: &str) -> Option<Arc<Stream>> {
        self.by_name.read().get(name).cloned()
    }

    pub(crate) fn len(&self) -> usize {
        self.by_name.read().len()
    }

    /// Queues a message for all subscribers and returns how many slow clients it disconnected.
    pub(crate) fn deliver(
        &self,
        stream: &Stream,
        message: &Bytes,
        keep: bool,
        limits: &Limits,
    ) -> usize {
        let delivered = stream.broadcast(message, keep, &self.epoch, limits);
        self.broadcasts.fetch_add(1, Ordering::Relaxed);
        self.deliveries.fetch_add(delivered.frames, Ordering::Relaxed);
        delivered.slow
    }

    /// Evicts expired history and removes unused streams.
    pub(crate) fn evict_expired(&self, now: Instant, limits: &Limits) {
        let unused = self
            .by_name
            .read()
            .values()
            .filter(|stream| stream.evict_expired(now, limits).is_some())
            .cloned()
            .collect::<Vec<_>>();
        if unused.is_empty() {
            return;
        }
        let mut streams = self.by_name.write();
        for stream in unused {
            // A client may have subscribed in between. While the map is locked no one else can look
            // up the stream, and a reference count of two means that only this list and the map
            // hold it.
            if let Some(position) =
                stream.evict_expired(now, limits).filter(|_| Arc::strong_count(&stream) == 2)
            {
                self.min_position.fetch_max(position, Ordering::AcqRel);
                self.complete_since.fetch_max(unix_millis(), Ordering::AcqRel);
                streams.remove(&stream.name);
            }
        }
    }
}

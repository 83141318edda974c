//! All streams by name: made on first use, forgotten when nobody follows and nothing is remembered.

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
    /// Differs between two starts, so that positions of an earlier process are recognised as such.
    pub(crate) epoch: String,
    by_name: RwLock<HashMap<Shared, Arc<Stream>>>,
    /// No stream was forgotten whose messages were newer than this, in Unix milliseconds.
    complete_since: AtomicU64,
    /// The highest position of all forgotten streams: a new one starts above it.
    floor: AtomicU64,
    pub(crate) broadcasts: AtomicU64,
    pub(crate) deliveries: AtomicU64,
}

impl Default for Streams {
    fn default() -> Self {
        Self {
            epoch: format!("{:08x}", rand::random::<u32>()),
            by_name: RwLock::default(),
            complete_since: AtomicU64::new(unix_millis()),
            floor: AtomicU64::new(0),
            broadcasts: AtomicU64::new(0),
            deliveries: AtomicU64::new(0),
        }
    }
}

impl Streams {
    /// The stream of this name, made on first use.
    pub(crate) fn get(&self, name: &str) -> Arc<Stream> {
        if let Some(stream) = self.find(name) {
            return stream;
        }
        let mut streams = self.by_name.write();
        let (floor, complete) =
            (self.floor.load(Ordering::Acquire), self.complete_since.load(Ordering::Acquire));
        let name: Shared = name.into();
        streams
            .entry(name.clone())
            .or_insert_with(|| Arc::new(Stream::new(name, floor, complete)))
            .clone()
    }

    /// The stream of this name, if there is one.
    pub(crate) fn find(&self, name: &str) -> Option<Arc<Stream>> {
        self.by_name.read().get(name).cloned()
    }

    pub(crate) fn len(&self) -> usize {
        self.by_name.read().len()
    }

    /// Says something to all who follow; answers how many sockets were dropped because they do not
    /// read.
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

    /// Forgets what is too old.
    pub(crate) fn sweep(&self, now: Instant, limits: &Limits) {
        let unused = self
            .by_name
            .read()
            .values()
            .filter(|stream| stream.sweep(now, limits).is_some())
            .cloned()
            .collect::<Vec<_>>();
        if unused.is_empty() {
            return;
        }
        let mut streams = self.by_name.write();
        for stream in unused {
            // Somebody may have come in between; the map's lock keeps others from finding the
            // stream, a count of two means that only this list and the map hold it.
            if let Some(position) =
                stream.sweep(now, limits).filter(|_| Arc::strong_count(&stream) == 2)
            {
                self.floor.fetch_max(position, Ordering::AcqRel);
                self.complete_since.fetch_max(unix_millis(), Ordering::AcqRel);
                streams.remove(&stream.name);
            }
        }
    }
}

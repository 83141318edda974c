//! Counts requests by the class of their status.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use http::StatusCode;

/// Requests since the start by status class, `1xx` first.
pub struct RequestCounter {
    since: Instant,
    counts: [AtomicU64; 5],
}

impl Default for RequestCounter {
    fn default() -> Self {
        Self { since: Instant::now(), counts: Default::default() }
    }
}

impl RequestCounter {
    /// Time since the start.
    pub fn uptime(&self) -> Duration {
        self.since.elapsed()
    }

    /// Counts a response.
    pub fn count(&self, status: StatusCode) {
        let class = usize::from(status.as_u16() / 100).clamp(1, 5) - 1;
        self.counts[class].fetch_add(1, Ordering::Relaxed);
    }

    /// The counts with their names: `1xx` to `5xx`.
    pub fn counts(&self) -> [(&'static str, u64); 5] {
        let count = |class: usize| self.counts[class].load(Ordering::Relaxed);
        [
            ("1xx", count(0)),
            ("2xx", count(1)),
            ("3xx", count(2)),
            ("4xx", count(3)),
            ("5xx", count(4)),
        ]
    }
}

//! How many requests were answered, by the kind of their answer.

use crate::core::app::{App, DomainState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use http::StatusCode;

/// Answers since the start by the first digit of their status: 1xx at the first place.
pub struct Answered {
    since: Instant,
    counts: [AtomicU64; 5],
}

impl Default for Answered {
    fn default() -> Self {
        Self { since: Instant::now(), counts: Default::default() }
    }
}

impl Answered {
    /// How long the server has been there.
    pub fn uptime(&self) -> Duration {
        self.since.elapsed()
    }

    /// Counts an answer.
    pub fn count(&self, status: StatusCode) {
        let place = usize::from(status.as_u16() / 100).clamp(1, 5) - 1;
        self.counts[place].fetch_add(1, Ordering::Relaxed);
    }

    /// The counts with their names: `1xx` to `5xx`.
    pub fn counts(&self) -> [(&'static str, u64); 5] {
        let count = |place: usize| self.counts[place].load(Ordering::Relaxed);
        [
            ("1xx", count(0)),
            ("2xx", count(1)),
            ("3xx", count(2)),
            ("4xx", count(3)),
            ("5xx", count(4)),
        ]
    }
}

impl DomainState for Answered {
    fn on_external_write(&self, _: &App) {}
}

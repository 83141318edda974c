//! Timestamps in UTC with microseconds, in JSON's and Rails' format, and the clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use utoipa::{PartialSchema, ToSchema};

/// A timestamp in UTC with microseconds. In JSON: RFC 3339 with milliseconds
/// (`2026-01-31T09:30:00.123Z`); in the database: Rails' text with six digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(Timestamp);

impl Time {
    /// Parses Rails' format, with any number of fractional digits.
    pub fn from_rails(text: &str) -> Option<Self> {
        rails_compat::time::parse(text).map(Self)
    }

    /// Rails' format with six fractional digits, which sorts like the timestamps.
    pub fn to_rails(self) -> String {
        rails_compat::time::format(self.0)
    }

    pub fn timestamp(self) -> Timestamp {
        self.0
    }

    /// Whole seconds since `earlier`; negative if it is later.
    pub fn seconds_since(self, earlier: Self) -> i64 {
        self.0.as_second() - earlier.0.as_second()
    }

    /// This many seconds later, at most the end of representable time.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(
            self.0
                .saturating_add(jiff::SignedDuration::from_secs(seconds))
                .unwrap_or(Timestamp::MAX),
        )
    }

    /// This much later, at most the end of representable time.
    #[must_use]
    pub fn plus(self, more: std::time::Duration) -> Self {
        Self(self.0.saturating_add(more).unwrap_or(Timestamp::MAX))
    }

    /// `YYYYMMDDHHMMSS`, with which Campfire names a version of a picture.
    pub fn version(self) -> String {
        self.0.strftime("%Y%m%d%H%M%S").to_string()
    }
}

impl From<Timestamp> for Time {
    fn from(at: Timestamp) -> Self {
        Self(at)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.3}", self.0))
    }
}

impl PartialSchema for Time {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(
                utoipa::openapi::KnownFormat::DateTime,
            )))
            .into()
    }
}

impl ToSchema for Time {}

/// Where the time comes from. Tests use one that they move by hand.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self(Arc::new(Timestamp::now))
    }

    /// A clock for tests.
    pub fn from_fn(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// Now, in whole microseconds as the database stores them.
    pub fn now(&self) -> Time {
        let now = (self.0)();
        Time(Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now))
    }
}

/// Hands out strictly increasing timestamps, so that messages sorted by time are in commit order even
/// when the system's clock steps back.
pub struct MonotonicClock(AtomicI64);

impl MonotonicClock {
    /// Starts after `last`, the newest stored timestamp.
    pub fn after(last: Option<Time>) -> Self {
        Self(AtomicI64::new(last.map_or(i64::MIN, |at| at.0.as_microsecond())))
    }

    /// `now`, or a microsecond after the last timestamp handed out if that is later.
    pub fn next(&self, now: Time) -> Time {
        let now = now.0.as_microsecond();
        let before = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| {
                Some(now.max(last.saturating_add(1)))
            })
            .unwrap_or(now);
        let at = now.max(before.saturating_add(1));
        Time(Timestamp::from_microsecond(at).unwrap_or(Timestamp::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_increase_when_the_clock_steps_back() {
        let at = |us| Time(Timestamp::from_microsecond(us).expect("in range"));
        let clock = MonotonicClock::after(Some(at(1_000)));
        assert_eq!(clock.next(at(5)), at(1_001));
        assert_eq!(clock.next(at(2_000)), at(2_000));
        assert_eq!(clock.next(at(2_000)), at(2_001));
    }

    #[test]
    fn json_has_milliseconds_and_the_database_microseconds() {
        let at = Time::from_rails("2026-01-31 09:30:00.123456").expect("Rails' text");
        assert_eq!(serde_json::to_string(&at).expect("serializes"), "\"2026-01-31T09:30:00.123Z\"");
        assert_eq!(at.to_rails(), "2026-01-31 09:30:00.123456");
    }
}

//! Datetimes as Rails stores them in SQLite: UTC text, `2025-12-01 10:11:45.123456`.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Parses a datetime with zero to nine fractional digits.
pub fn parse(text: &str) -> Option<Timestamp> {
    let plain = text.len() >= 19 && text.len() <= 29 && text.as_bytes()[10] == b' ';
    let at: DateTime = plain.then(|| text.parse().ok())??;
    at.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp())
}

/// Formats a datetime with six fractional digits, so that text order is chronological order.
pub fn format(at: Timestamp) -> String {
    let at = TimeZone::UTC.to_datetime(at);
    let micros = at.subsec_nanosecond() / 1000;
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{micros:06}",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

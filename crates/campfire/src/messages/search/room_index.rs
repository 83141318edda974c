//! In which room each message was said, and between which moments each stretch of messages, in
//! memory: a common word's matches are sorted out at a few nanoseconds each instead of a
//! look into the database.
//!
//! It only makes searching faster. A message keeps its room for ever and no number is given twice,
//! so an entry never becomes wrong; what is missing is asked of the database, and what is found is
//! checked there again. It is loaded by the first search, in the background; later messages are
//! added by the searches themselves.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::RwLock;

use super::store;
use crate::core::app::{App, DomainState};
use crate::http::problem::chain;

/// Messages in a chunk: 256 KiB.
const CHUNK: usize = 1 << 16;
/// Chunks kept, the newest: 64 MiB for sixteen million messages.
const MOST_CHUNKS: usize = 256;
/// Message numbers beyond this are not kept.
const HIGHEST: i64 = u32::MAX as i64;
/// Messages that a search adds; if there are more, it leaves them to the database.
const CATCH_UP: u32 = 2_000;
/// Messages that are loaded at once.
const AT_ONCE: u32 = 1 << 16;
/// Time for loading so many.
const LOADING_TIME: Duration = Duration::from_secs(10);

/// Messages of a stretch, of which only the first and the last moment are kept.
const STRETCH: usize = 1 << 12;

/// Consecutive message numbers.
struct Chunk {
    /// The room of each.
    rooms: Box<[AtomicU32]>,
    /// The first and the last moment of each stretch; the first is above the last where nothing is
    /// known.
    moments: Box<[(AtomicU64, AtomicU64)]>,
}

impl Chunk {
    fn new() -> Self {
        let moments =
            (0..CHUNK / STRETCH).map(|_| (AtomicU64::new(u64::MAX), AtomicU64::new(0))).collect();
        Self { rooms: (0..CHUNK).map(|_| AtomicU32::new(0)).collect(), moments }
    }

    fn enter(&self, place: usize, room: u32, moment: Option<u64>) {
        let (first, last) = &self.moments[place / STRETCH];
        // What is no moment may be any.
        first.fetch_min(moment.unwrap_or(0), Ordering::Relaxed);
        last.fetch_max(moment.unwrap_or(u64::MAX), Ordering::Relaxed);
        self.rooms[place].store(room, Ordering::Relaxed);
    }
}

/// A stored moment to the second as one number, `20260131093000`.
fn moment(text: &str) -> Option<u64> {
    let digits = text.get(..19)?.bytes().filter(u8::is_ascii_digit);
    let (count, number) = digits
        .fold((0, 0), |(count, number), digit| (count + 1, number * 10 + u64::from(digit - b'0')));
    (count == 14).then_some(number)
}

/// What is known of a database; another program's write replaces it by an empty one.
pub struct Known {
    chunks: RwLock<Vec<Option<Arc<Chunk>>>>,
    /// All messages up to this number, down to the oldest chunk that is kept, are entered.
    to: AtomicI64,
    loading: AtomicBool,
    loaded: AtomicBool,
}

impl Default for Known {
    fn default() -> Self {
        Self {
            chunks: RwLock::default(),
            to: AtomicI64::new(0),
            loading: AtomicBool::new(false),
            loaded: AtomicBool::new(false),
        }
    }
}

impl Known {
    /// Enters where and when a message was said.
    fn enter(&self, message: i64, room: i64, said_at: &str) {
        let Some((number, place)) = place(message) else { return };
        let moment = moment(said_at);
        // Zero means unknown, and a room with a larger number is left unknown.
        let room = u32::try_from(room).unwrap_or(0);
        if let Some(Some(chunk)) = self.chunks.read().get(number) {
            chunk.enter(place, room, moment);
            return;
        }
        let mut chunks = self.chunks.write();
        if chunks.len() <= number {
            chunks.resize(number + 1, None);
        }
        if chunks[number].is_none() {
            let kept = chunks.iter().filter(|chunk| chunk.is_some()).count();
            let oldest = chunks.iter().position(Option::is_some);
            match oldest {
                Some(oldest) if kept >= MOST_CHUNKS && oldest < number => chunks[oldest] = None,
                Some(_) if kept >= MOST_CHUNKS => return,
                _ => {}
            }
            chunks[number] = Some(Arc::new(Chunk::new()));
        }
        if let Some(chunk) = &chunks[number] {
            chunk.enter(place, room, moment);
        }
    }

    /// For one search: what is known now.
    pub fn view(&self) -> View {
        // While it is being loaded a stretch may be entered in part.
        let to = if self.loaded.load(Ordering::Acquire) {
            self.to.load(Ordering::Acquire)
        } else {
            i64::MIN
        };
        View { chunks: self.chunks.read().clone(), to }
    }

    /// Adds what was said since the last search, if that is little.
    ///
    /// # Errors
    /// When the database does not answer.
    pub fn catch_up(&self, reader: &db::Reader<'_>) -> Result<(), db::Error> {
        let to = self.to.load(Ordering::Acquire);
        if !self.loaded.load(Ordering::Acquire) {
            return Ok(());
        }
        let mut newest = to;
        store::rooms_after(reader, to, CATCH_UP, |message, room, said_at| {
            self.enter(message, room, said_at);
            newest = message;
        })?;
        // Numbers only grow, and a snapshot holds all up to its newest; another search may have
        // been faster.
        self.to.fetch_max(newest, Ordering::AcqRel);
        Ok(())
    }
}

/// What was known when a search began.
pub struct View {
    chunks: Vec<Option<Arc<Chunk>>>,
    /// Up to this number no message is missing in the chunks that are there.
    to: i64,
}

impl View {
    /// The room of a message, if it is known.
    pub fn room(&self, message: i64) -> Option<i64> {
        let (number, place) = place(message)?;
        let room = self.chunks.get(number)?.as_ref()?.rooms[place].load(Ordering::Relaxed);
        (room != 0).then_some(i64::from(room))
    }

    /// The newest number up to this one whose stretch has, or may have, a message from `since` on
    /// and before `before`.
    pub fn newest_between(&self, message: i64, since: Option<&str>, before: Option<&str>) -> i64 {
        let (since, before) =
            (since.and_then(moment).unwrap_or(0), before.and_then(moment).unwrap_or(u64::MAX));
        let mut message = message;
        while message <= self.to
            && let Some((number, at)) = place(message)
            && let Some(Some(chunk)) = self.chunks.get(number)
        {
            let (first, last) = &chunk.moments[at / STRETCH];
            let (first, last) = (first.load(Ordering::Relaxed), last.load(Ordering::Relaxed));
            // Moments within the second of a bound are looked at.
            if first > last || (last >= since && first <= before) {
                break;
            }
            message -= i64::try_from(at % STRETCH).unwrap_or(0) + 1;
        }
        message
    }
}

fn place(message: i64) -> Option<(usize, usize)> {
    if !(0..=HIGHEST).contains(&message) {
        return None;
    }
    let message = usize::try_from(message).ok()?;
    Some((message / CHUNK, message % CHUNK))
}

/// The state: what is known of the database as it is now.
#[derive(Default)]
pub struct Whereabouts(RwLock<Arc<Known>>);

impl Whereabouts {
    /// What is known.
    pub fn known(&self) -> Arc<Known> {
        self.0.read().clone()
    }

    /// Another program wrote to the database, or put another one in its place.
    pub fn invalidate_all(&self) {
        *self.0.write() = Arc::default();
    }

    /// Loads everything in the background, once.
    pub fn load(&self, app: &App) {
        let known = self.known();
        if !known.loading.swap(true, Ordering::AcqRel) {
            let app = app.clone();
            tokio::spawn(async move {
                if let Err(error) = load(&app, &known).await {
                    tracing::warn!(error = %chain(&error), "where messages were said could not be loaded; searching is slower until it is");
                    known.loading.store(false, Ordering::Release);
                }
            });
        }
    }

    /// Whether everything is loaded.
    pub fn is_loaded(&self) -> bool {
        self.known().loaded.load(Ordering::Acquire)
    }
}

/// From the newest message to the oldest, piece by piece, so that other long queries get their
/// turn.
async fn load(app: &App, known: &Arc<Known>) -> Result<(), db::Error> {
    let mut before = i64::MAX;
    loop {
        let target = known.clone();
        let (newest, oldest) = app
            .db
            .read_long(LOADING_TIME, move |reader| {
                let (mut newest, mut oldest) = (None, None);
                store::rooms_before(reader, before, AT_ONCE, |message, room, said_at| {
                    target.enter(message, room, said_at);
                    newest = newest.or(Some(message));
                    oldest = Some(message);
                })?;
                Ok::<_, db::Error>((newest, oldest))
            })
            .await?;
        if before == i64::MAX {
            known.to.store(newest.unwrap_or(0), Ordering::Release);
        }
        match oldest {
            // Beyond the bound nothing is kept.
            Some(oldest) if known.view().chunks.iter().flatten().count() < MOST_CHUNKS => {
                before = oldest
            }
            Some(_) => {
                // Full: of the last chunk perhaps a part is missing.
                let mut chunks = known.chunks.write();
                if let Some(last) = chunks.iter_mut().find(|chunk| chunk.is_some()) {
                    *last = None;
                }
                break;
            }
            None => break,
        }
    }
    known.loaded.store(true, Ordering::Release);
    Ok(())
}

impl DomainState for Whereabouts {
    fn on_external_write(&self, _: &App) {
        self.invalidate_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_entered_is_known_and_the_rest_is_not() {
        let known = Known::default();
        for (message, room) in [
            (1, 7),
            (65_535, 8),
            (65_536, 9),
            (3_000_000, i64::from(u32::MAX)),
            (5, i64::MAX),
            (HIGHEST + 1, 3),
            (-1, 3),
        ] {
            known.enter(message, room, "2026-01-01 00:00:00.000000");
        }
        let view = known.view();
        let rooms =
            [1, 2, 65_535, 65_536, 3_000_000, 5, HIGHEST + 1, -1].map(|message| view.room(message));
        assert_eq!(
            rooms,
            [Some(7), None, Some(8), Some(9), Some(i64::from(u32::MAX)), None, None, None]
        );
    }

    #[test]
    fn memory_is_bounded_and_the_newest_stay() {
        let known = Known::default();
        let chunk = i64::try_from(CHUNK).expect("small");
        let most = i64::try_from(MOST_CHUNKS).expect("small");
        for number in 0..most + 3 {
            known.enter(number * chunk, 1, "");
        }
        known.enter(1, 1, "");
        let view = known.view();
        assert_eq!(view.chunks.iter().flatten().count(), MOST_CHUNKS);
        assert_eq!(
            (
                view.room(1),
                view.room(2 * chunk),
                view.room(3 * chunk),
                view.room((most + 2) * chunk)
            ),
            (None, None, Some(1), Some(1))
        );
    }

    #[test]
    fn stretches_of_other_days_are_passed_over_and_unknown_ones_are_not() {
        let known = Known::default();
        for message in 0..20_000 {
            known.enter(message, 1, &format!("2026-01-{:02} 00:00:00.000000", 1 + message / 1_000));
        }
        known.enter(9_000, 1, "2026-01-20 00:00:00");
        assert_eq!(
            known.view().newest_between(19_999, Some("2027-01-01 00:00:00"), None),
            19_999,
            "not loaded yet"
        );
        known.to.store(30_000, Ordering::Release);
        known.loaded.store(true, Ordering::Release);
        let view = known.view();
        let newest = |from, since, before| view.newest_between(from, Some(since), Some(before));
        assert_eq!(newest(19_999, "2026-01-20 00:00:00", "2026-01-21 00:00:00"), 19_999);
        assert_eq!(newest(19_999, "2026-01-02 00:00:00", "2026-01-04 00:00:00"), 4_095);
        assert_eq!(
            newest(16_383, "2026-01-20 00:00:00", "2026-01-21 00:00:00"),
            12_287,
            "one stray message keeps its stretch"
        );
        assert_eq!(newest(8_191, "2026-01-20 00:00:00", "2026-01-21 00:00:00"), -1);
        assert_eq!(
            newest(30_000, "2025-01-20 00:00:00", "2025-01-21 00:00:00"),
            30_000,
            "nothing is known of these"
        );
        assert_eq!(view.newest_between(5, None, None), 5);
    }
}

//! An in-memory array from message to room, and the time range of every block of messages. It lets
//! a search skip a common word's matches in other rooms in a few nanoseconds each, without a
//! database lookup.
//!
//! It only makes searching faster. A message never moves to another room and no ID is reused, so an
//! entry is never wrong; what is missing is looked up in the database, and every result is checked
//! there. The first search loads the array in the background; every search adds the messages that
//! are newer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::RwLock;

use super::store;
use crate::core::app::{App, DomainState};
use crate::core::ids::{MessageId, RoomId};
use crate::http::problem::chain;

/// Messages per chunk: 256 KiB.
const CHUNK: usize = 1 << 16;
/// Chunks that are kept, the newest: 64 MiB for sixteen million messages.
const MAX_CHUNKS: usize = 256;
/// Messages with higher IDs are not kept.
const MAX_ID: i64 = u32::MAX as i64;
/// Messages that one search adds; the next searches add the rest.
const CATCH_UP: u32 = 2_000;
/// Messages per query while loading.
const LOAD_BATCH: u32 = 1 << 16;
/// How long one such query may take.
const LOAD_TIME_LIMIT: Duration = Duration::from_secs(10);
/// Messages per block, of which only the first and the last timestamp are kept.
const BLOCK: usize = 1 << 12;

/// Consecutive message IDs.
struct Chunk {
    /// The room of each; 0 if it is unknown.
    rooms: Box<[AtomicU32]>,
    /// The first and the last timestamp of each block; first > last if the block is empty.
    time_ranges: Box<[(AtomicU64, AtomicU64)]>,
}

impl Chunk {
    fn new() -> Self {
        let time_ranges =
            (0..CHUNK / BLOCK).map(|_| (AtomicU64::new(u64::MAX), AtomicU64::new(0))).collect();
        Self { rooms: (0..CHUNK).map(|_| AtomicU32::new(0)).collect(), time_ranges }
    }

    fn insert(&self, offset: usize, room: u32, seconds: Option<u64>) {
        let (first, last) = &self.time_ranges[offset / BLOCK];
        // An invalid timestamp may be any time.
        first.fetch_min(seconds.unwrap_or(0), Ordering::Relaxed);
        last.fetch_max(seconds.unwrap_or(u64::MAX), Ordering::Relaxed);
        self.rooms[offset].store(room, Ordering::Relaxed);
    }
}

/// A stored timestamp to the second as a number that sorts like it, `20260131093000`.
fn sortable_seconds(timestamp: &str) -> Option<u64> {
    let digits = timestamp.get(..19)?.bytes().filter(u8::is_ascii_digit);
    let (count, number) = digits
        .fold((0, 0), |(count, number), digit| (count + 1, number * 10 + u64::from(digit - b'0')));
    (count == 14).then_some(number)
}

/// The entries for one database; an external write replaces them by empty ones.
#[derive(Default)]
pub struct Entries {
    chunks: RwLock<Vec<Option<Arc<Chunk>>>>,
    /// Once loaded, all messages up to this ID, down to the oldest chunk that is kept, are in.
    newest: AtomicI64,
    loading: AtomicBool,
    loaded: AtomicBool,
}

impl Entries {
    fn insert(&self, message: i64, room: i64, created_at: &str) {
        let Some((chunk_at, offset)) = position(message) else { return };
        let seconds = sortable_seconds(created_at);
        // Zero means unknown, which a room with a larger ID stays.
        let room = u32::try_from(room).unwrap_or(0);
        if let Some(Some(chunk)) = self.chunks.read().get(chunk_at) {
            chunk.insert(offset, room, seconds);
            return;
        }
        let mut chunks = self.chunks.write();
        if chunks.len() <= chunk_at {
            chunks.resize(chunk_at + 1, None);
        }
        if chunks[chunk_at].is_none() {
            let kept = chunks.iter().filter(|chunk| chunk.is_some()).count();
            let oldest = chunks.iter().position(Option::is_some);
            match oldest {
                Some(oldest) if kept >= MAX_CHUNKS && oldest < chunk_at => chunks[oldest] = None,
                Some(_) if kept >= MAX_CHUNKS => return,
                _ => {}
            }
            chunks[chunk_at] = Some(Arc::new(Chunk::new()));
        }
        if let Some(chunk) = &chunks[chunk_at] {
            chunk.insert(offset, room, seconds);
        }
    }

    /// The entries as they are now, for one search.
    pub fn view(&self) -> View {
        // While the entries are being loaded, a block may be incomplete.
        let newest = if self.loaded.load(Ordering::Acquire) {
            self.newest.load(Ordering::Acquire)
        } else {
            i64::MIN
        };
        View { chunks: self.chunks.read().clone(), newest }
    }

    /// Adds the messages that are newer than the last search.
    ///
    /// # Errors
    /// When the database fails.
    pub fn catch_up(&self, reader: &db::Reader<'_>) -> Result<(), db::Error> {
        if !self.loaded.load(Ordering::Acquire) {
            return Ok(());
        }
        let mut newest = self.newest.load(Ordering::Acquire);
        store::rooms_after(reader, newest, CATCH_UP, |message, room, created_at| {
            self.insert(message, room, created_at);
            newest = message;
        })?;
        // IDs only grow and a snapshot holds all up to its newest; another search may have added
        // more meanwhile.
        self.newest.fetch_max(newest, Ordering::AcqRel);
        Ok(())
    }
}

/// The entries as they were when a search began.
pub struct View {
    chunks: Vec<Option<Arc<Chunk>>>,
    /// Up to this ID, the chunks that are there are complete.
    newest: i64,
}

impl View {
    /// The room of a message, if it is known.
    pub fn room(&self, message: MessageId) -> Option<RoomId> {
        let (chunk, offset) = position(message.0)?;
        let room = self.chunks.get(chunk)?.as_ref()?.rooms[offset].load(Ordering::Relaxed);
        (room != 0).then(|| RoomId(i64::from(room)))
    }

    /// The highest ID from `message` down whose block may have a message from `since` on and before
    /// `before`.
    pub fn newest_between(&self, message: i64, since: Option<&str>, before: Option<&str>) -> i64 {
        let since = since.and_then(sortable_seconds).unwrap_or(0);
        let before = before.and_then(sortable_seconds).unwrap_or(u64::MAX);
        let mut message = message;
        while message <= self.newest
            && let Some((chunk_at, offset)) = position(message)
            && let Some(Some(chunk)) = self.chunks.get(chunk_at)
        {
            let (first, last) = &chunk.time_ranges[offset / BLOCK];
            let (first, last) = (first.load(Ordering::Relaxed), last.load(Ordering::Relaxed));
            // Includes timestamps within the second of a bound.
            if first > last || (last >= since && first <= before) {
                break;
            }
            message -= i64::try_from(offset % BLOCK).unwrap_or(0) + 1;
        }
        message
    }
}

/// The chunk of a message, and its place in it.
fn position(message: i64) -> Option<(usize, usize)> {
    if !(0..=MAX_ID).contains(&message) {
        return None;
    }
    let message = usize::try_from(message).ok()?;
    Some((message / CHUNK, message % CHUNK))
}

/// The state: the entries for the database as it is now.
#[derive(Default)]
pub struct RoomIndex(RwLock<Arc<Entries>>);

impl RoomIndex {
    /// The entries. The first call starts to load them in the background.
    pub fn entries(&self, app: &App) -> Arc<Entries> {
        let entries = self.0.read().clone();
        if !entries.loading.swap(true, Ordering::AcqRel) {
            let (owned, target) = (app.clone(), entries.clone());
            app.tasks.spawn_until_shutdown(async move {
                if let Err(error) = load(&owned, &target).await {
                    tracing::warn!(error = %chain(&error), "failed to load the search room index; searching is slower until the next search loads it");
                    target.loading.store(false, Ordering::Release);
                }
            });
        }
        entries
    }

    /// Whether everything is loaded.
    pub fn is_loaded(&self) -> bool {
        self.0.read().loaded.load(Ordering::Acquire)
    }
}

impl DomainState for RoomIndex {
    fn on_external_write(&self, _: &App) {
        *self.0.write() = Arc::default();
    }
}

/// Loads from the newest message to the oldest, in batches, so that other long queries get their
/// turn.
async fn load(app: &App, entries: &Arc<Entries>) -> Result<(), db::Error> {
    let mut before = i64::MAX;
    loop {
        let target = entries.clone();
        let (newest, oldest) = app
            .db
            .read_long(LOAD_TIME_LIMIT, move |reader| {
                let (mut newest, mut oldest) = (None, None);
                store::rooms_before(reader, before, LOAD_BATCH, |message, room, created_at| {
                    target.insert(message, room, created_at);
                    newest = newest.or(Some(message));
                    oldest = Some(message);
                })?;
                Ok::<_, db::Error>((newest, oldest))
            })
            .await?;
        if before == i64::MAX {
            entries.newest.store(newest.unwrap_or(0), Ordering::Release);
        }
        let Some(oldest) = oldest else { break };
        before = oldest;
        let mut chunks = entries.chunks.write();
        if chunks.iter().flatten().count() >= MAX_CHUNKS {
            // The oldest chunk may be incomplete.
            if let Some(oldest) = chunks.iter_mut().find(|chunk| chunk.is_some()) {
                *oldest = None;
            }
            break;
        }
    }
    entries.loaded.store(true, Ordering::Release);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inserted_messages_have_a_room_and_others_have_none() {
        let entries = Entries::default();
        for (message, room) in [
            (1, 7),
            (65_535, 8),
            (65_536, 9),
            (3_000_000, i64::from(u32::MAX)),
            (5, i64::MAX),
            (MAX_ID + 1, 3),
            (-1, 3),
        ] {
            entries.insert(message, room, "2026-01-01 00:00:00.000000");
        }
        let view = entries.view();
        let rooms = [1, 2, 65_535, 65_536, 3_000_000, 5, MAX_ID + 1, -1]
            .map(|message| view.room(MessageId(message)).map(|room| room.0));
        assert_eq!(
            rooms,
            [Some(7), None, Some(8), Some(9), Some(i64::from(u32::MAX)), None, None, None]
        );
    }

    #[test]
    fn keeps_only_the_newest_chunks() {
        let entries = Entries::default();
        let chunk = i64::try_from(CHUNK).expect("small");
        let most = i64::try_from(MAX_CHUNKS).expect("small");
        for number in 0..most + 3 {
            entries.insert(number * chunk, 1, "");
        }
        entries.insert(1, 1, "");
        let view = entries.view();
        assert_eq!(view.chunks.iter().flatten().count(), MAX_CHUNKS);
        let room = |message| view.room(MessageId(message)).map(|room| room.0);
        assert_eq!(
            (room(1), room(2 * chunk), room(3 * chunk), room((most + 2) * chunk)),
            (None, None, Some(1), Some(1))
        );
    }

    #[test]
    fn skips_blocks_of_other_days_unless_they_are_unknown() {
        let entries = Entries::default();
        for message in 0..20_000 {
            entries.insert(
                message,
                1,
                &format!("2026-01-{:02} 00:00:00.000000", 1 + message / 1_000),
            );
        }
        entries.insert(9_000, 1, "2026-01-20 00:00:00");
        assert_eq!(
            entries.view().newest_between(19_999, Some("2027-01-01 00:00:00"), None),
            19_999,
            "not loaded yet"
        );
        entries.newest.store(30_000, Ordering::Release);
        entries.loaded.store(true, Ordering::Release);
        let view = entries.view();
        let newest = |from, since, before| view.newest_between(from, Some(since), Some(before));
        assert_eq!(newest(19_999, "2026-01-20 00:00:00", "2026-01-21 00:00:00"), 19_999);
        assert_eq!(newest(19_999, "2026-01-02 00:00:00", "2026-01-04 00:00:00"), 4_095);
        assert_eq!(
            newest(16_383, "2026-01-20 00:00:00", "2026-01-21 00:00:00"),
            12_287,
            "one message of the day keeps its block"
        );
        assert_eq!(newest(8_191, "2026-01-20 00:00:00", "2026-01-21 00:00:00"), -1);
        assert_eq!(
            newest(30_000, "2025-01-20 00:00:00", "2025-01-21 00:00:00"),
            30_000,
            "these were not loaded"
        );
        assert_eq!(view.newest_between(5, None, None), 5);
    }
}

//! In which room each message was said, in memory: a common word's matches are sorted out at a few nanoseconds each instead of a
//! look into the database.
//!
//! It only makes searching faster. A message keeps its room for ever and no number is given twice, so an entry never becomes wrong;
//! what is missing is asked of the database, and what is found is checked there again. It is loaded by the first search, in the
//! background; later messages are added by the searches themselves.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering};
use std::time::Duration;

use parking_lot::RwLock;

use super::store;
use crate::app::App;
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

type Chunk = [AtomicU32];

/// What is known of a database; another program's write replaces it by an empty one.
pub struct Known {
    chunks: RwLock<Vec<Option<Arc<Chunk>>>>,
    /// All messages up to this number and from [`Known::from`] on are entered.
    to: AtomicI64,
    loading: AtomicBool,
    loaded: AtomicBool,
}

impl Default for Known {
    fn default() -> Self {
        Self { chunks: RwLock::default(), to: AtomicI64::new(0), loading: AtomicBool::new(false), loaded: AtomicBool::new(false) }
    }
}

impl Known {
    /// Enters where a message was said.
    fn enter(&self, message: i64, room: i64) {
        let Some((number, place)) = place(message) else { return };
        // Zero means unknown, and a room with a larger number is left unknown.
        let room = u32::try_from(room).unwrap_or(0);
        if let Some(Some(chunk)) = self.chunks.read().get(number) {
            chunk[place].store(room, Ordering::Relaxed);
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
            chunks[number] = Some((0..CHUNK).map(|_| AtomicU32::new(0)).collect());
        }
        if let Some(chunk) = &chunks[number] {
            chunk[place].store(room, Ordering::Relaxed);
        }
    }

    /// For one search: what is known now.
    pub fn view(&self) -> View {
        View(self.chunks.read().clone())
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
        store::rooms_after(reader, to, CATCH_UP, |message, room| {
            self.enter(message, room);
            newest = message;
        })?;
        // Numbers only grow, and a snapshot holds all up to its newest; another search may have been faster.
        self.to.fetch_max(newest, Ordering::AcqRel);
        Ok(())
    }
}

/// What was known when a search began.
pub struct View(Vec<Option<Arc<Chunk>>>);

impl View {
    /// The room of a message, if it is known.
    pub fn room(&self, message: i64) -> Option<i64> {
        let (number, place) = place(message)?;
        let room = self.0.get(number)?.as_ref()?[place].load(Ordering::Relaxed);
        (room != 0).then_some(i64::from(room))
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
    pub fn forget_all(&self) {
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

/// From the newest message to the oldest, piece by piece, so that other long queries get their turn.
async fn load(app: &App, known: &Arc<Known>) -> Result<(), db::Error> {
    let mut before = i64::MAX;
    loop {
        let target = known.clone();
        let (newest, oldest) = app
            .db
            .read_long(LOADING_TIME, move |reader| {
                let (mut newest, mut oldest) = (None, None);
                store::rooms_before(reader, before, AT_ONCE, |message, room| {
                    target.enter(message, room);
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
            Some(oldest) if known.view().0.iter().flatten().count() < MOST_CHUNKS => before = oldest,
            _ => break,
        }
    }
    known.loaded.store(true, Ordering::Release);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_entered_is_known_and_the_rest_is_not() {
        let known = Known::default();
        for (message, room) in
            [(1, 7), (65_535, 8), (65_536, 9), (3_000_000, i64::from(u32::MAX)), (5, i64::MAX), (HIGHEST + 1, 3), (-1, 3)]
        {
            known.enter(message, room);
        }
        let view = known.view();
        let rooms = [1, 2, 65_535, 65_536, 3_000_000, 5, HIGHEST + 1, -1].map(|message| view.room(message));
        assert_eq!(rooms, [Some(7), None, Some(8), Some(9), Some(i64::from(u32::MAX)), None, None, None]);
    }

    #[test]
    fn memory_is_bounded_and_the_newest_stay() {
        let known = Known::default();
        let chunk = i64::try_from(CHUNK).expect("small");
        let most = i64::try_from(MOST_CHUNKS).expect("small");
        for number in 0..most + 3 {
            known.enter(number * chunk, 1);
        }
        known.enter(1, 1);
        let view = known.view();
        assert_eq!(view.0.iter().flatten().count(), MOST_CHUNKS);
        assert_eq!(
            (view.room(1), view.room(2 * chunk), view.room(3 * chunk), view.room((most + 2) * chunk)),
            (None, None, Some(1), Some(1))
        );
    }
}

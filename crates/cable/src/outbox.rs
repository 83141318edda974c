//! What waits to be written to one socket: shared frames, bounded.

use std::collections::VecDeque;
use std::io::IoSlice;
use std::task::Waker;
use std::time::{Duration, Instant};

use bytes::{Buf, Bytes};
use parking_lot::Mutex;

use crate::limits::Limits;

/// Slices in one write: more gain nothing measurable.
pub(crate) const SLICES: usize = 64;

/// An empty queue keeps room for so many frames; the memory of a burst is given back.
const KEPT: usize = 8;

/// The frames for one socket.
#[derive(Default)]
pub(crate) struct Outbox(Mutex<Queue>);

#[derive(Default)]
struct Queue {
    frames: VecDeque<Bytes>,
    bytes: usize,
    state: State,
    waker: Option<Waker>,
    /// Since when something waits and nothing was taken.
    waiting_since: Option<Instant>,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Open,
    /// What waits is still written, then the socket is closed.
    Closing,
    /// The socket is closed at once.
    Dropped,
}

/// What the connection does next.
pub(crate) enum Next {
    /// There is something to write.
    Write,
    /// Nothing waits.
    Wait,
    /// Everything was written and nothing more will come.
    Close,
    /// The client did not read, or is gone.
    Drop,
}

impl Outbox {
    /// Queues a frame; `false` if the queue was full, which drops the socket. What comes after its
    /// end is ignored.
    pub(crate) fn push(&self, frame: Bytes, limits: &Limits) -> bool {
        let mut queue = self.0.lock();
        if queue.state != State::Open {
            return true;
        }
        let fits = queue.frames.len() < limits.queued_frames
            && queue.bytes + frame.len() <= limits.queued_bytes;
        // Whoever has something to write already need not be told that there is more.
        let mut waker = None;
        if fits {
            if queue.frames.is_empty() {
                waker = queue.waker.take();
            }
            queue.add(frame);
        } else {
            queue.drop_all();
            waker = queue.waker.take();
        }
        drop(queue);
        waker.into_iter().for_each(Waker::wake);
        fits
    }

    /// Whether so much history may be queued: half of the queue is kept free for what is broadcast
    /// meanwhile.
    pub(crate) fn has_room_for_history(
        &self,
        frames: usize,
        bytes: usize,
        limits: &Limits,
    ) -> bool {
        self.0.lock().has_room(frames, bytes, limits.queued_frames / 2, limits.queued_bytes / 2)
    }

    /// Queues history, all of it or, when there is no room, nothing: it never drops the socket.
    pub(crate) fn push_history(&self, frames: Vec<Bytes>, limits: &Limits) -> bool {
        let bytes = frames.iter().map(Bytes::len).sum();
        let mut queue = self.0.lock();
        if queue.state != State::Open {
            return true;
        }
        if !queue.has_room(frames.len(), bytes, limits.queued_frames / 2, limits.queued_bytes / 2) {
            return false;
        }
        let waker =
            if queue.frames.is_empty() && !frames.is_empty() { queue.waker.take() } else { None };
        frames.into_iter().for_each(|frame| queue.add(frame));
        drop(queue);
        waker.into_iter().for_each(Waker::wake);
        true
    }

    /// Whether so much waits that the client should read before it commands more.
    pub(crate) fn is_busy(&self, limits: &Limits) -> bool {
        let queue = self.0.lock();
        !queue.frames.is_empty()
            && !queue.has_room(1, 0, limits.queued_frames / 4, limits.queued_bytes / 4)
    }

    /// Queues the last frames, after which the socket is closed; later pushes are ignored.
    pub(crate) fn finish(&self, last: impl IntoIterator<Item = Bytes>) {
        let waker = {
            let mut queue = self.0.lock();
            if queue.state == State::Open {
                last.into_iter().for_each(|frame| queue.add(frame));
                queue.state = State::Closing;
            }
            queue.waker.take()
        };
        waker.into_iter().for_each(Waker::wake);
    }

    /// Closes the socket at once.
    pub(crate) fn abandon(&self) {
        let waker = {
            let mut queue = self.0.lock();
            queue.drop_all();
            queue.waker.take()
        };
        waker.into_iter().for_each(Waker::wake);
    }

    /// What to do next; remembers whom to wake when there is nothing.
    pub(crate) fn next(&self, waker: &Waker) -> Next {
        let mut queue = self.0.lock();
        match queue.state {
            State::Dropped => Next::Drop,
            _ if !queue.frames.is_empty() => Next::Write,
            State::Closing => Next::Close,
            State::Open => {
                queue.remember(waker);
                Next::Wait
            }
        }
    }

    /// The socket takes nothing now; wake the connection only to end it.
    pub(crate) fn blocked(&self, waker: &Waker, now: Instant) {
        let mut queue = self.0.lock();
        queue.waiting_since.get_or_insert(now);
        queue.remember(waker);
    }

    /// Gives what waits to `write`, which answers how many bytes it took.
    pub(crate) fn write_with<T>(&self, write: impl FnOnce(&[IoSlice<'_>]) -> T) -> T {
        // Cloning counted references keeps the lock short while the kernel copies.
        let frames = self.0.lock().frames.iter().take(SLICES).cloned().collect::<Vec<_>>();
        let slices = frames.iter().map(|frame| IoSlice::new(frame)).collect::<Vec<_>>();
        write(&slices)
    }

    /// So many bytes were written.
    pub(crate) fn written(&self, mut count: usize) {
        let mut queue = self.0.lock();
        queue.waiting_since = None;
        queue.bytes = queue.bytes.saturating_sub(count);
        while count > 0 {
            let Some(front) = queue.frames.front_mut() else { break };
            let part = count.min(front.len());
            front.advance(part);
            count -= part;
            if front.is_empty() {
                queue.frames.pop_front();
            }
        }
        if queue.frames.is_empty() && queue.frames.capacity() > KEPT {
            queue.frames = VecDeque::new();
        }
    }

    /// Whether the client has taken nothing for longer than `patience`.
    pub(crate) fn is_stuck(&self, now: Instant, patience: Duration) -> bool {
        self.0.lock().waiting_since.is_some_and(|since| now.duration_since(since) > patience)
    }
}

impl Queue {
    fn add(&mut self, frame: Bytes) {
        self.bytes += frame.len();
        self.frames.push_back(frame);
    }

    fn has_room(&self, frames: usize, bytes: usize, most_frames: usize, most_bytes: usize) -> bool {
        self.frames.len() + frames <= most_frames && self.bytes + bytes <= most_bytes
    }

    fn remember(&mut self, waker: &Waker) {
        if !self.waker.as_ref().is_some_and(|known| known.will_wake(waker)) {
            self.waker = Some(waker.clone());
        }
    }

    fn drop_all(&mut self) {
        self.state = State::Dropped;
        self.frames = VecDeque::new();
        self.bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Wake;

    use super::*;

    #[derive(Default)]
    struct Counting(AtomicUsize);

    impl Wake for Counting {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    const FRAME: Bytes = Bytes::from_static(b"frame");

    #[test]
    fn only_the_first_frame_and_the_end_wake_a_reader_who_is_slow() {
        let (outbox, woken, limits) = (
            Outbox::default(),
            Arc::new(Counting::default()),
            Limits { queued_frames: 10, ..Limits::default() },
        );
        let waker = Waker::from(woken.clone());
        let times = || woken.0.load(Ordering::Relaxed);
        assert!(matches!(outbox.next(&waker), Next::Wait));
        assert!(outbox.push(FRAME, &limits));
        assert_eq!(times(), 1);
        assert!(matches!(outbox.next(&waker), Next::Write));
        outbox.blocked(&waker, Instant::now());
        for _ in 1..10 {
            assert!(outbox.push(FRAME, &limits));
        }
        assert_eq!(times(), 1, "it waits for the socket, not for more frames");
        assert!(!outbox.push(FRAME, &limits));
        assert_eq!(times(), 2);
        assert!(matches!(outbox.next(&waker), Next::Drop));
    }

    #[test]
    fn history_takes_half_of_the_queue_and_never_drops() {
        let (outbox, limits) =
            (Outbox::default(), Limits { queued_frames: 10, ..Limits::default() });
        assert!(outbox.push_history(vec![FRAME; 3], &limits));
        assert!(!outbox.push_history(vec![FRAME; 3], &limits));
        assert!(outbox.is_busy(&limits));
        for _ in 3..10 {
            assert!(outbox.push(FRAME, &limits));
        }
        assert!(matches!(outbox.next(Waker::noop()), Next::Write));
        outbox.written(FRAME.len() * 10);
        assert!(!outbox.is_busy(&limits));
    }
}

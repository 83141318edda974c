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
    /// Everything was written and nothing more will come, or the client did not read.
    End,
}

impl Outbox {
    /// Queues a frame; `false` if the queue was full, which drops the socket. What comes after its end is ignored.
    pub(crate) fn push(&self, frame: Bytes, limits: &Limits) -> bool {
        let mut queue = self.0.lock();
        if queue.state != State::Open {
            return true;
        }
        let fits = queue.frames.len() < limits.queued_frames && queue.bytes + frame.len() <= limits.queued_bytes;
        if fits {
            queue.bytes += frame.len();
            queue.frames.push_back(frame);
        } else {
            queue.drop_all();
        }
        let waker = queue.waker.take();
        drop(queue);
        waker.into_iter().for_each(Waker::wake);
        fits
    }

    /// Queues the last frames, after which the socket is closed; later pushes are ignored.
    pub(crate) fn finish(&self, last: impl IntoIterator<Item = Bytes>) {
        let waker = {
            let mut queue = self.0.lock();
            if queue.state == State::Open {
                for frame in last {
                    queue.bytes += frame.len();
                    queue.frames.push_back(frame);
                }
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
            State::Dropped => Next::End,
            _ if !queue.frames.is_empty() => Next::Write,
            State::Closing => Next::End,
            State::Open => {
                queue.waker = Some(waker.clone());
                Next::Wait
            }
        }
    }

    /// The socket takes nothing now; wake the connection only to end it.
    pub(crate) fn blocked(&self, waker: &Waker, now: Instant) {
        let mut queue = self.0.lock();
        queue.waiting_since.get_or_insert(now);
        queue.waker = Some(waker.clone());
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
    fn drop_all(&mut self) {
        self.state = State::Dropped;
        self.frames = VecDeque::new();
        self.bytes = 0;
    }
}

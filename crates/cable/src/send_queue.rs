//! The bounded queue of shared frames that wait to be written to one socket.

use std::collections::VecDeque;
use std::io::IoSlice;
use std::task::Waker;
use std::time::{Duration, Instant};

use bytes::{Buf, Bytes};
use parking_lot::Mutex;

use crate::limits::Limits;

/// Maximum number of slices per vectored write; more showed no measurable gain.
pub(crate) const MAX_SLICES: usize = 64;

/// Capacity that an empty queue retains; a burst's memory is released.
const RETAINED_CAPACITY: usize = 8;

#[derive(Default)]
pub(crate) struct SendQueue(Mutex<Queue>);

#[derive(Default)]
struct Queue {
    frames: VecDeque<Bytes>,
    bytes: usize,
    state: State,
    waker: Option<Waker>,
    /// Since when frames are queued and the socket has accepted nothing.
    blocked_since: Option<Instant>,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Open,
    /// Queued frames are still written, then the socket is closed.
    Closing,
    /// The socket is closed immediately.
    Aborted,
}

/// What the driver does next.
pub(crate) enum Next {
    Write,
    Wait,
    /// All frames are written and no more will come.
    Close,
    /// The client did not read, or is gone.
    Abort,
}

impl SendQueue {
    /// Queues a frame. `false` if the queue was full, which closes the socket. Frames after the end
    /// are ignored.
    pub(crate) fn push(&self, frame: Bytes, limits: &Limits) -> bool {
        let mut queue = self.0.lock();
        if queue.state != State::Open {
            return true;
        }
        let fits = queue.frames.len() < limits.queued_frames
            && queue.bytes + frame.len() <= limits.queued_bytes;
        // A driver that already has frames to write does not need another wake-up.
        let mut waker = None;
        if fits {
            if queue.frames.is_empty() {
                waker = queue.waker.take();
            }
            queue.add(frame);
        } else {
            queue.clear();
            waker = queue.waker.take();
        }
        drop(queue);
        waker.into_iter().for_each(Waker::wake);
        fits
    }

    /// Whether this much history fits: half of the queue is reserved for broadcasts.
    pub(crate) fn has_room_for_history(
        &self,
        frames: usize,
        bytes: usize,
        limits: &Limits,
    ) -> bool {
        self.0.lock().has_room(frames, bytes, limits.queued_frames / 2, limits.queued_bytes / 2)
    }

    /// Queues all of the history or, if it does not fit, none; never closes the socket.
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

    /// Whether the client must read before its next command is processed.
    pub(crate) fn is_backlogged(&self, limits: &Limits) -> bool {
        let queue = self.0.lock();
        !queue.frames.is_empty()
            && !queue.has_room(1, 0, limits.queued_frames / 4, limits.queued_bytes / 4)
    }

    /// Queues the last frames, after which the socket is closed.
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

    /// Closes the socket immediately.
    pub(crate) fn abort(&self) {
        let waker = {
            let mut queue = self.0.lock();
            queue.clear();
            queue.waker.take()
        };
        waker.into_iter().for_each(Waker::wake);
    }

    /// Returns what to do next; stores the waker if there is nothing.
    pub(crate) fn next(&self, waker: &Waker) -> Next {
        let mut queue = self.0.lock();
        match queue.state {
            State::Aborted => Next::Abort,
            _ if !queue.frames.is_empty() => Next::Write,
            State::Closing => Next::Close,
            State::Open => {
                queue.set_waker(waker);
                Next::Wait
            }
        }
    }

    /// The socket is full: wake the driver only to end the connection.
    pub(crate) fn blocked(&self, waker: &Waker, now: Instant) {
        let mut queue = self.0.lock();
        queue.blocked_since.get_or_insert(now);
        queue.set_waker(waker);
    }

    /// Passes the queued frames to `write`.
    pub(crate) fn write_with<T>(&self, write: impl FnOnce(&[IoSlice<'_>]) -> T) -> T {
        // Cloning reference-counted frames keeps the lock short while the kernel copies.
        let frames = self.0.lock().frames.iter().take(MAX_SLICES).cloned().collect::<Vec<_>>();
        let slices = frames.iter().map(|frame| IoSlice::new(frame)).collect::<Vec<_>>();
        write(&slices)
    }

    /// Removes `count` written bytes.
    pub(crate) fn written(&self, mut count: usize) {
        let mut queue = self.0.lock();
        queue.blocked_since = None;
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
        if queue.frames.is_empty() && queue.frames.capacity() > RETAINED_CAPACITY {
            queue.frames = VecDeque::new();
        }
    }

    /// Whether the socket has accepted nothing for longer than `timeout`.
    pub(crate) fn is_stalled(&self, now: Instant, timeout: Duration) -> bool {
        self.0.lock().blocked_since.is_some_and(|since| now.duration_since(since) > timeout)
    }
}

impl Queue {
    fn add(&mut self, frame: Bytes) {
        self.bytes += frame.len();
        self.frames.push_back(frame);
    }

    fn has_room(&self, frames: usize, bytes: usize, max_frames: usize, max_bytes: usize) -> bool {
        self.frames.len() + frames <= max_frames && self.bytes + bytes <= max_bytes
    }

    fn set_waker(&mut self, waker: &Waker) {
        if !self.waker.as_ref().is_some_and(|current| current.will_wake(waker)) {
            self.waker = Some(waker.clone());
        }
    }

    fn clear(&mut self) {
        self.state = State::Aborted;
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
    struct WakeCounter(AtomicUsize);

    impl Wake for WakeCounter {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    const FRAME: Bytes = Bytes::from_static(b"frame");

    #[test]
    fn a_blocked_driver_is_only_woken_when_the_queue_overflows() {
        let (send_queue, counter, limits) = (
            SendQueue::default(),
            Arc::new(WakeCounter::default()),
            Limits { queued_frames: 10, ..Limits::default() },
        );
        let waker = Waker::from(counter.clone());
        let wake_count = || counter.0.load(Ordering::Relaxed);
        assert!(matches!(send_queue.next(&waker), Next::Wait));
        assert!(send_queue.push(FRAME, &limits));
        assert_eq!(wake_count(), 1);
        assert!(matches!(send_queue.next(&waker), Next::Write));
        send_queue.blocked(&waker, Instant::now());
        for _ in 1..10 {
            assert!(send_queue.push(FRAME, &limits));
        }
        assert_eq!(wake_count(), 1, "the driver waits for the socket, not for frames");
        assert!(!send_queue.push(FRAME, &limits));
        assert_eq!(wake_count(), 2);
        assert!(matches!(send_queue.next(&waker), Next::Abort));
    }

    #[test]
    fn history_fills_at_most_half_of_the_queue() {
        let (send_queue, limits) =
            (SendQueue::default(), Limits { queued_frames: 10, ..Limits::default() });
        assert!(send_queue.push_history(vec![FRAME; 3], &limits));
        assert!(!send_queue.push_history(vec![FRAME; 3], &limits));
        assert!(send_queue.is_backlogged(&limits));
        for _ in 3..10 {
            assert!(send_queue.push(FRAME, &limits));
        }
        assert!(matches!(send_queue.next(Waker::noop()), Next::Write));
        send_queue.written(FRAME.len() * 10);
        assert!(!send_queue.is_backlogged(&limits));
    }
}

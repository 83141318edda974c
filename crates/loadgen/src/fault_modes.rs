//! Fault modes of the systems that the server calls: they respond late, fail, hang, close the
//! connection and recover, at random.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rand::Rng;
use test_support::endpoint::Reply;
use tokio::sync::watch;

/// How long faults occur at most: shorter than all attempts of a delivery together.
const FAULTY_PERIOD: Duration = Duration::from_secs(300);

#[derive(Debug, Clone, Copy, PartialEq)]
enum FaultMode {
    Healthy,
    Slow,
    Error(u16),
    Hang,
    Disconnect,
}

/// The changing fault mode of one endpoint.
#[derive(Clone)]
pub struct FaultModes {
    mode: watch::Receiver<FaultMode>,
    failures: Arc<Mutex<Failures>>,
}

impl FaultModes {
    /// Starts to change modes, until `recovered` becomes true. At most `max_consecutive` calls fail
    /// in a row.
    pub fn start(recovered: watch::Receiver<bool>, max_consecutive: usize) -> Self {
        let (sender, mode) = watch::channel(FaultMode::Healthy);
        tokio::spawn(change_modes(sender, recovered));
        let failures = Failures { max_consecutive, in_progress: 0, finished: 0 };
        Self { mode, failures: Arc::new(Mutex::new(failures)) }
    }

    /// Applies the current mode to a call: the faulty reply, or `None` if the endpoint is to
    /// reply normally.
    pub async fn apply(mut self) -> Option<Reply> {
        let mode = *self.mode.borrow_and_update();
        let failure = match mode {
            FaultMode::Healthy | FaultMode::Slow => None,
            _ => Failure::start(&self.failures),
        };
        let is_allowed = failure.is_some() || mode == FaultMode::Slow;
        let reply = self.reply(if is_allowed { mode } else { FaultMode::Healthy }).await;
        if failure.is_none() {
            lock(&self.failures).finished = 0;
        }
        reply
    }

    async fn reply(&mut self, mode: FaultMode) -> Option<Reply> {
        match mode {
            FaultMode::Error(429) => Some(Reply::RetryAfter(1)),
            FaultMode::Error(status) => Some(Reply::Status(status)),
            FaultMode::Hang => {
                drop(self.mode.changed().await);
                Some(Reply::Close)
            }
            FaultMode::Disconnect => Some(Reply::Close),
            FaultMode::Healthy | FaultMode::Slow => {
                // Replies take time, so that most kills hit calls in progress.
                let longest = if mode == FaultMode::Slow { 800 } else { 150 };
                let delay = rand::rng().random_range(0..=longest);
                tokio::time::sleep(Duration::from_millis(delay)).await;
                None
            }
        }
    }
}

/// Calls that failed since the last normal reply, and those that are about to.
struct Failures {
    max_consecutive: usize,
    in_progress: usize,
    finished: usize,
}

/// A failing call. It also ends when the caller disconnects.
struct Failure(Arc<Mutex<Failures>>);

impl Failure {
    /// Starts a failure if the limit allows another one.
    fn start(failures: &Arc<Mutex<Failures>>) -> Option<Self> {
        let mut counts = lock(failures);
        let is_allowed = counts.in_progress + counts.finished < counts.max_consecutive;
        counts.in_progress += usize::from(is_allowed);
        is_allowed.then(|| Self(failures.clone()))
    }
}

impl Drop for Failure {
    fn drop(&mut self) {
        let mut counts = lock(&self.0);
        counts.in_progress -= 1;
        counts.finished += 1;
    }
}

fn lock(failures: &Mutex<Failures>) -> MutexGuard<'_, Failures> {
    failures.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn change_modes(mode: watch::Sender<FaultMode>, mut recovered: watch::Receiver<bool>) {
    let span = |from: u64, to: u64| Duration::from_millis(rand::rng().random_range(from..=to));
    let faults = async {
        loop {
            tokio::time::sleep(span(500, 2000)).await;
            let next = match rand::rng().random_range(0..8) {
                0 | 1 => FaultMode::Slow,
                2 => FaultMode::Error(500),
                3 => FaultMode::Error(429),
                4 => FaultMode::Disconnect,
                _ => FaultMode::Hang,
            };
            mode.send_replace(next);
            tokio::time::sleep(span(200, 1200)).await;
            mode.send_replace(FaultMode::Healthy);
        }
    };
    tokio::select! {
        () = faults => {}
        () = tokio::time::sleep(FAULTY_PERIOD) => {}
        _ = recovered.wait_for(|recovered| *recovered) => {}
    }
    mode.send_replace(FaultMode::Healthy);
    // Hanging calls wait for a change, so the sender must stay alive.
    mode.closed().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_consecutive_failures() {
        let failures =
            Arc::new(Mutex::new(Failures { max_consecutive: 2, in_progress: 0, finished: 0 }));
        let (first, second) = (Failure::start(&failures), Failure::start(&failures));
        assert!(first.is_some() && second.is_some() && Failure::start(&failures).is_none());
        drop(first);
        assert!(Failure::start(&failures).is_none());
        // The second one is still hanging; one more makes two.
        lock(&failures).finished = 0;
        let third = Failure::start(&failures);
        assert!(third.is_some() && Failure::start(&failures).is_none());
    }
}

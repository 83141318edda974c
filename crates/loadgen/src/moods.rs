//! Moods of those whom the server calls: they answer, answer late, fail, hang, break off and come
//! back.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rand::Rng;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// How long moods change at most: not so long that anything could fail at all its tries.
const MOODY: Duration = Duration::from_secs(300);

/// What a call is answered.
pub type Answer = Response<Full<Bytes>>;

/// How calls are treated for a while.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Mood {
    Well,
    Slow,
    Fails(u16),
    Hangs,
    BreaksOff,
}

/// Somebody's mood.
#[derive(Clone)]
pub struct Moods {
    now: watch::Receiver<Mood>,
    streak: Arc<Mutex<Streak>>,
}

impl Moods {
    /// They change until `calm` says that it is enough, and let at most so many calls fail in a
    /// row.
    pub fn begin(calm: watch::Receiver<bool>, in_a_row: usize) -> Self {
        let (mood, now) = watch::channel(Mood::Well);
        tokio::spawn(live(mood, calm));
        Self { now, streak: Arc::new(Mutex::new(Streak { in_a_row, under_way: 0, ended: 0 })) }
    }

    /// What the mood makes of a call: `None` lets it be answered well, an error closes the
    /// connection without an answer.
    pub async fn endure(mut self) -> io::Result<Option<Answer>> {
        let mood = *self.now.borrow_and_update();
        let failing = if matches!(mood, Mood::Well | Mood::Slow) {
            None
        } else {
            Failing::begin(&self.streak)
        };
        let outcome = self
            .treat(if failing.is_some() || mood == Mood::Slow { mood } else { Mood::Well })
            .await;
        if failing.is_none() {
            held(&self.streak).ended = 0;
        }
        outcome
    }

    async fn treat(&mut self, mood: Mood) -> io::Result<Option<Answer>> {
        match mood {
            Mood::Fails(status) => {
                let builder = Response::builder().status(status);
                let builder =
                    if status == 429 { builder.header("retry-after", "1") } else { builder };
                builder.body(Full::default()).map(Some).map_err(io::Error::other)
            }
            Mood::Hangs => {
                drop(self.now.changed().await);
                Err(io::Error::other("hung up"))
            }
            Mood::BreaksOff => Err(io::Error::other("broke off")),
            Mood::Well | Mood::Slow => {
                // Work takes time: most kills find calls under way.
                let most = if mood == Mood::Slow { 800 } else { 150 };
                let late = rand::rng().random_range(0..=most);
                tokio::time::sleep(Duration::from_millis(late)).await;
                Ok(None)
            }
        }
    }
}

/// Calls that failed since one was answered well, and those that will.
struct Streak {
    in_a_row: usize,
    under_way: usize,
    ended: usize,
}

/// A call that fails. It may also be cut off, by the end of who calls.
struct Failing(Arc<Mutex<Streak>>);

impl Failing {
    /// If another one may.
    fn begin(streak: &Arc<Mutex<Streak>>) -> Option<Self> {
        let mut counts = held(streak);
        let may = counts.under_way + counts.ended < counts.in_a_row;
        counts.under_way += usize::from(may);
        may.then(|| Self(streak.clone()))
    }
}

impl Drop for Failing {
    fn drop(&mut self) {
        let mut counts = held(&self.0);
        counts.under_way -= 1;
        counts.ended += 1;
    }
}

fn held(streak: &Mutex<Streak>) -> MutexGuard<'_, Streak> {
    streak.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Changes moods until it is told to calm down.
async fn live(mood: watch::Sender<Mood>, mut calm: watch::Receiver<bool>) {
    let span = |from: u64, to: u64| Duration::from_millis(rand::rng().random_range(from..=to));
    let restless = async {
        loop {
            tokio::time::sleep(span(500, 2000)).await;
            let next = match rand::rng().random_range(0..8) {
                0 | 1 => Mood::Slow,
                2 => Mood::Fails(500),
                3 => Mood::Fails(429),
                4 => Mood::BreaksOff,
                _ => Mood::Hangs,
            };
            mood.send_replace(next);
            tokio::time::sleep(span(200, 1200)).await;
            mood.send_replace(Mood::Well);
        }
    };
    tokio::select! {
        () = restless => {}
        () = tokio::time::sleep(MOODY) => {}
        _ = calm.wait_for(|calm| *calm) => {}
    }
    mood.send_replace(Mood::Well);
    // Whoever hangs waits for a change, so the sender stays.
    mood.closed().await;
}

/// Takes calls for as long as anybody calls. An error closes the connection without an answer.
pub async fn serve<T, F>(listener: TcpListener, take: T)
where
    T: Fn(Request<Incoming>) -> F + Clone + Send + 'static,
    F: Future<Output = io::Result<Answer>> + Send + 'static,
{
    while let Ok((stream, _)) = listener.accept().await {
        let take = take.clone();
        let service = service_fn(take);
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_fail_in_a_row_than_may() {
        let streak = Arc::new(Mutex::new(Streak { in_a_row: 2, under_way: 0, ended: 0 }));
        let (first, second) = (Failing::begin(&streak), Failing::begin(&streak));
        assert!(first.is_some() && second.is_some() && Failing::begin(&streak).is_none());
        drop(first);
        assert!(Failing::begin(&streak).is_none());
        // The second one still hangs; with another one behind it there are two.
        held(&streak).ended = 0;
        let third = Failing::begin(&streak);
        assert!(third.is_some() && Failing::begin(&streak).is_none());
    }
}

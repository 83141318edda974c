//! Moods of those whom the server calls: they answer, answer late, fail, hang, break off and come back.

use std::io;
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
pub struct Moods(watch::Receiver<Mood>);

impl Moods {
    /// They change until `calm` says that it is enough.
    pub fn begin(calm: watch::Receiver<bool>) -> Self {
        let (mood, moods) = watch::channel(Mood::Well);
        tokio::spawn(live(mood, calm));
        Self(moods)
    }

    /// What the mood makes of a call: `None` lets it be answered well, an error closes the connection without an answer.
    pub async fn endure(mut self) -> io::Result<Option<Answer>> {
        let mood = *self.0.borrow_and_update();
        match mood {
            Mood::Fails(status) => {
                let builder = Response::builder().status(status);
                let builder = if status == 429 { builder.header("retry-after", "1") } else { builder };
                builder.body(Full::default()).map(Some).map_err(io::Error::other)
            }
            Mood::Hangs => {
                drop(self.0.changed().await);
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

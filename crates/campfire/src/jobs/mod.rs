//! The durable outbox: work that leaves the process or takes long, stored in the transaction that
//! causes it, done by workers, repeated until it succeeds or is given up visibly. A crash loses
//! none; a job may run twice, and receivers can tell by its key.
//!
//! A domain brings a [`Handler`] for its kind of job and calls [`store::enqueue`] inside its own
//! transaction.

mod attempting;
pub mod circuit;
mod limiter;
pub mod store;
pub mod worker;

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::watch;

use crate::core::app::{App, DomainState, Tx};
use crate::core::events::{DomainEvent, Publisher};
use crate::http::problem::chain;

/// Jobs that may wait. What comes on top is stored as given up, so that it can be seen and repeated
/// by hand.
pub const MAX_WAITING: usize = 100_000;

/// How often a job may be interrupted before it is given up: by the end of the server while it
/// runs, which it may be the cause of, or by trouble of our own, which may be trouble with this
/// very job.
pub const MAX_INTERRUPTIONS: u32 = 10;

/// Something to be done later.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Which handler does it.
    pub kind: &'static str,
    /// Jobs of one lane are done one after the other, in the order of their transactions; a
    /// failing one holds the rest up until it succeeds or is given up.
    pub lane: Option<String>,
    /// Whom it talks to. Failures of this kind of job count against it, and it is left in peace by
    /// them for a while when there are too many.
    pub destination: String,
    /// What the handler needs, as JSON.
    pub payload: String,
}

/// Whom the jobs of one kind talk to: what their places and failures are counted by. Another kind
/// may fare otherwise at the same host.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Target {
    /// The kind of job.
    pub kind: String,
    /// See [`NewJob::destination`].
    pub destination: String,
}

/// A job whose turn it is.
#[derive(Debug, Clone)]
pub struct Job {
    /// The row in `campfire_jobs`.
    pub id: i64,
    /// The same at every attempt; receivers recognise repeats by it.
    pub key: String,
    /// Which handler does it.
    pub kind: String,
    /// See [`NewJob::lane`].
    pub lane: Option<String>,
    /// See [`NewJob::destination`].
    pub destination: String,
    /// What the handler needs.
    pub payload: String,
    /// Attempts that ended before this one.
    pub attempts: u32,
    /// Interruptions before this attempt: they say nothing about the destination and cost no
    /// attempt.
    pub interruptions: u32,
}

impl Job {
    /// Whom it talks to.
    pub fn target(&self) -> Target {
        Target { kind: self.kind.clone(), destination: self.destination.clone() }
    }
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is done.
    Done,
    /// It may succeed another time; the destination is to blame.
    Retry(String),
    /// It may succeed another time, but not before this pause is over: the destination asked for
    /// it.
    Later(String, Duration),
    /// It could not be tried to the end for a reason of our own: the destination is not to blame,
    /// and this was no attempt.
    OwnTrouble(String),
    /// It never will.
    GiveUp(String),
}

/// Something stored together with the end of an attempt, in one transaction: all of it happens, or
/// none.
pub type Effect = Box<dyn FnOnce(&App, &mut Tx<'_>) -> Result<(), db::Error> + Send>;

/// The end of an attempt.
pub struct Ended {
    /// How it ended.
    pub verdict: Verdict,
    /// What is stored with it.
    pub effect: Option<Effect>,
    /// Whether the destination was asked at all; otherwise the end says nothing about it.
    pub asked: bool,
}

impl Ended {
    /// With nothing to store.
    pub fn plain(verdict: Verdict) -> Self {
        Self { verdict, effect: None, asked: true }
    }

    /// The destination was not asked: there was nothing to ask, or nobody.
    #[must_use]
    pub fn unasked(self) -> Self {
        Self { asked: false, ..self }
    }

    /// What was needed for it could not be read or stored.
    pub fn interrupted(by: &db::Error) -> Self {
        Self::plain(Verdict::OwnTrouble(chain(by)))
    }

    /// With something to store.
    pub fn with(
        verdict: Verdict,
        effect: impl FnOnce(&App, &mut Tx<'_>) -> Result<(), db::Error> + Send + 'static,
    ) -> Self {
        Self { verdict, effect: Some(Box::new(effect)), asked: true }
    }
}

/// How jobs of one kind are done.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// Jobs of the kind that run at once.
    pub concurrency: usize,
    /// Of these, to one destination.
    pub per_destination: usize,
    /// Attempts in all; after the last failure the job is given up.
    pub attempts: u32,
    /// The pause after the first failure; each further one is three times as long, give or take a
    /// quarter.
    pub first_pause: Duration,
    /// How long one attempt may take in all.
    pub time_limit: Duration,
}

/// The future of an attempt.
pub type Attempt = Pin<Box<dyn Future<Output = Ended> + Send>>;

/// Does the jobs of one kind. An attempt may be cut off at any moment and repeated.
pub trait Handler: Send + Sync + 'static {
    /// The kind it does.
    fn kind(&self) -> &'static str;

    /// How its jobs are done.
    fn policy(&self) -> Policy;

    /// One attempt.
    fn attempt(&self, app: App, job: Job) -> Attempt;
}

/// What is known of the jobs without asking the database, and the bell that calls the worker.
#[derive(Default)]
pub struct Jobs {
    bell: watch::Sender<()>,
    unfinished: AtomicUsize,
    done: AtomicU64,
    failed: AtomicU64,
    interrupted: AtomicU64,
    given_up: AtomicU64,
    open_circuits: Mutex<BTreeMap<Target, Duration>>,
}

/// How the jobs are doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Waiting and running.
    pub unfinished: usize,
    /// Done since the start.
    pub done: u64,
    /// Attempts that failed since the start.
    pub failed: u64,
    /// Attempts since the start that trouble of our own interrupted.
    pub interrupted: u64,
    /// Given up since the start.
    pub given_up: u64,
    /// Who is left in peace, with the pause they got.
    pub open_circuits: BTreeMap<Target, Duration>,
}

impl Jobs {
    /// Calls the worker: something is there to do, or time has passed.
    pub fn ring(&self) {
        self.bell.send_replace(());
    }

    /// An operator may have revived or dropped jobs.
    pub fn recount(&self, app: &App) {
        match app.db.read(|reader| store::unfinished(reader)) {
            Ok(unfinished) => self.unfinished.store(unfinished, Ordering::Relaxed),
            Err(error) => {
                tracing::warn!(error = %chain(&error), "waiting jobs could not be counted")
            }
        }
        self.ring();
    }

    /// How the jobs are doing.
    pub fn status(&self) -> Status {
        Status {
            unfinished: self.unfinished(),
            done: self.done.load(Ordering::Relaxed),
            failed: self.failed.load(Ordering::Relaxed),
            interrupted: self.interrupted.load(Ordering::Relaxed),
            given_up: self.given_up.load(Ordering::Relaxed),
            open_circuits: self.open_circuits.lock().clone(),
        }
    }

    /// Jobs that are waiting or running.
    pub fn unfinished(&self) -> usize {
        self.unfinished.load(Ordering::Relaxed)
    }

    /// Whether no more jobs are taken.
    fn is_full(&self) -> bool {
        self.unfinished() >= MAX_WAITING
    }

    fn count(&self, verdict: &store::Settled) {
        let counter = match verdict {
            store::Settled::Done => &self.done,
            store::Settled::Waits => &self.failed,
            store::Settled::Interrupted => &self.interrupted,
            store::Settled::GivenUp => &self.given_up,
        };
        counter.fetch_add(1, Ordering::Relaxed);
        if matches!(verdict, store::Settled::Done | store::Settled::GivenUp) {
            // An operator may have dropped the row, and it was counted off then.
            let less = |count: usize| Some(count.saturating_sub(1));
            let _ = self.unfinished.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        }
    }
}

/// A job was stored.
struct Enqueued;

impl DomainEvent<App> for Enqueued {
    fn invalidate(&self, app: &App) {
        let jobs = app.state::<Jobs>();
        jobs.unfinished.fetch_add(1, Ordering::Relaxed);
        jobs.ring();
    }

    fn publish(&self, _: &App, _: &mut dyn Publisher) {}
}

impl DomainState for Jobs {
    fn on_external_write(&self, app: &App) {
        self.recount(app);
    }
}

//! The durable job queue: work that leaves the process or takes long. A job is stored in the
//! transaction that causes it and retried until it succeeds or is given up, where operators can see
//! it. A crash loses no job; a job may run twice, and receivers recognize a repeat by its key.
//!
//! A domain implements [`Handler`] for its kind of job and calls [`store::enqueue`] in its own
//! transaction. [`worker`] leases due jobs within the limits of `limiter` and [`circuit`];
//! `attempt` runs one and stores its outcome.

mod attempt;
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
use crate::core::events::DomainEvent;
use crate::http::problem::chain;

/// Jobs that may wait or run. Further ones are stored as dead, so that operators can see and retry
/// them.
pub const MAX_UNFINISHED: usize = 100_000;

/// How often a job may be interrupted before it is given up: by a shutdown or crash while it runs,
/// which the job may have caused, or by an internal error, which may concern only this job.
pub const MAX_INTERRUPTIONS: u32 = 10;

/// A job to enqueue.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Selects the handler.
    pub kind: &'static str,
    /// Jobs with the same ordering key run one after the other, in the order of their transactions.
    /// A failing job blocks those behind it until it succeeds or is given up.
    pub ordering_key: Option<String>,
    /// The host that the job sends its request to. Limits and circuit breakers count by kind and
    /// destination.
    pub destination: String,
    /// JSON for the handler.
    pub payload: String,
}

/// What limits and circuit breakers count by. Another kind may fare differently at the same host.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Target {
    pub kind: String,
    pub destination: String,
}

/// A stored job.
#[derive(Debug, Clone)]
pub struct Job {
    pub id: i64,
    /// The same for every attempt; receivers recognize repeats by it.
    pub key: String,
    pub kind: String,
    pub ordering_key: Option<String>,
    pub destination: String,
    pub payload: String,
    /// Attempts before this one.
    pub attempts: u32,
    /// Interruptions before this attempt. They do not count as attempts.
    pub interruptions: u32,
}

impl Job {
    pub fn target(&self) -> Target {
        Target { kind: self.kind.clone(), destination: self.destination.clone() }
    }
}

/// The result of an attempt, with the reason for people where it is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Done,
    /// The destination failed; a later attempt may succeed.
    Retry(String),
    /// Like `Retry`, but not before this pause: the destination asked for it.
    RetryAfter(String, Duration),
    /// An internal error or a shutdown ended the attempt. It does not count as an attempt and says
    /// nothing about the destination.
    Interrupted(String),
    /// No attempt will succeed.
    GiveUp(String),
}

/// A write in the transaction that stores the outcome of an attempt.
pub type Effect = Box<dyn FnOnce(&App, &mut Tx<'_>) -> Result<(), db::Error> + Send>;

/// What a handler returns.
pub struct Outcome {
    pub verdict: Verdict,
    pub effect: Option<Effect>,
    /// Whether a request was sent. Without one, the outcome says nothing about the destination.
    pub request_sent: bool,
}

impl Outcome {
    pub fn new(verdict: Verdict) -> Self {
        Self { verdict, effect: None, request_sent: true }
    }

    pub fn with_effect(
        verdict: Verdict,
        effect: impl FnOnce(&App, &mut Tx<'_>) -> Result<(), db::Error> + Send + 'static,
    ) -> Self {
        Self { verdict, effect: Some(Box::new(effect)), request_sent: true }
    }

    pub fn interrupted(by: &db::Error) -> Self {
        Self::new(Verdict::Interrupted(chain(by)))
    }

    #[must_use]
    pub fn without_request(self) -> Self {
        Self { request_sent: false, ..self }
    }
}

/// The limits of one kind of job.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// Jobs of the kind that run at once.
    pub concurrency: usize,
    /// Of these, jobs to one destination.
    pub per_destination: usize,
    /// After this many failures, the job is given up.
    pub max_attempts: u32,
    /// The backoff after the first failure. It triples with every further one, with a jitter of a
    /// quarter.
    pub first_backoff: Duration,
    /// The time limit of one attempt.
    pub timeout: Duration,
}

pub type Attempt = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// Runs the jobs of one kind. An attempt may be dropped at any await point and repeated.
pub trait Handler: Send + Sync + 'static {
    fn kind(&self) -> &'static str;

    fn policy(&self) -> Policy;

    fn attempt(&self, app: App, job: Job) -> Attempt;
}

/// Counters that need no query, and the signal that wakes the worker.
#[derive(Default)]
pub struct Jobs {
    wake: watch::Sender<()>,
    unfinished: AtomicUsize,
    done: AtomicU64,
    failed: AtomicU64,
    interrupted: AtomicU64,
    given_up: AtomicU64,
    open_circuits: Mutex<BTreeMap<Target, Duration>>,
}

/// The counters, for metrics. All but `unfinished` and `open_circuits` count since the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Jobs that wait or run.
    pub unfinished: usize,
    pub done: u64,
    /// Failed attempts.
    pub failed: u64,
    pub interrupted: u64,
    pub given_up: u64,
    /// Targets with an open circuit, with their cool-down.
    pub open_circuits: BTreeMap<Target, Duration>,
}

impl Jobs {
    /// Wakes the worker: a job may be due.
    pub fn wake(&self) {
        self.wake.send_replace(());
    }

    /// Counts the unfinished jobs again after another process may have changed them.
    pub fn recount(&self, app: &App) {
        match app.db.read(|reader| store::unfinished(reader)) {
            Ok(unfinished) => self.unfinished.store(unfinished, Ordering::Relaxed),
            Err(error) => {
                tracing::warn!(error = %chain(&error), "failed to count jobs; keeping the old count")
            }
        }
        self.wake();
    }

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

    /// Jobs that wait or run.
    pub fn unfinished(&self) -> usize {
        self.unfinished.load(Ordering::Relaxed)
    }

    fn is_full(&self) -> bool {
        self.unfinished() >= MAX_UNFINISHED
    }

    fn count(&self, transition: store::Transition) {
        let counter = match transition {
            store::Transition::Done => &self.done,
            store::Transition::Retry => &self.failed,
            store::Transition::Interrupted => &self.interrupted,
            store::Transition::Dead => &self.given_up,
        };
        counter.fetch_add(1, Ordering::Relaxed);
        if matches!(transition, store::Transition::Done | store::Transition::Dead) {
            // Saturating, because `recount` may already have subtracted a deleted job.
            let less = |count: usize| Some(count.saturating_sub(1));
            let _ = self.unfinished.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        }
    }
}

struct JobEnqueued;

impl DomainEvent<App> for JobEnqueued {
    fn invalidate(&self, app: &App) {
        let jobs = app.state::<Jobs>();
        jobs.unfinished.fetch_add(1, Ordering::Relaxed);
        jobs.wake();
    }
}

impl DomainState for Jobs {
    fn on_external_write(&self, app: &App) {
        self.recount(app);
    }
}

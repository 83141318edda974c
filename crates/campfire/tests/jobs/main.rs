//! The durable job queue: no job is lost, no job runs without its transaction, and a failing
//! destination delays only its own jobs.

#[path = "../support/mod.rs"]
mod support;

mod circuit;
mod cli;
mod retries;
mod scheduling;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use campfire::core::app::App;
use campfire::jobs::store::{self, ListedJob};
use campfire::jobs::worker::Worker;
use campfire::jobs::{Attempt, Handler, Job, Jobs, NewJob, Outcome, Policy, Verdict};
use parking_lot::Mutex;
use support::TestServer;
use tokio::sync::{Semaphore, mpsc};

/// Ends each attempt with the verdict that the test has set, and reports its start.
struct TestHandler {
    kind: &'static str,
    started: mpsc::UnboundedSender<Job>,
    /// An attempt needs a permit to end.
    permits: Arc<Semaphore>,
    verdicts: Mutex<HashMap<String, VecDeque<Verdict>>>,
    /// Payloads whose next outcome cannot be stored.
    unstorable: Mutex<HashSet<String>>,
}

const POLICY: Policy = Policy {
    concurrency: 4,
    per_destination: 2,
    max_attempts: 3,
    first_backoff: Duration::from_secs(10),
    timeout: Duration::from_secs(30),
};

impl Handler for TestHandler {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn policy(&self) -> Policy {
        POLICY
    }

    fn attempt(&self, _: App, job: Job) -> Attempt {
        let verdict = self
            .verdicts
            .lock()
            .get_mut(&job.payload)
            .and_then(VecDeque::pop_front)
            .unwrap_or(Verdict::Done);
        let is_idle = job.payload.starts_with("idle");
        let (started, permits, is_unstorable) = (
            self.started.clone(),
            self.permits.clone(),
            self.unstorable.lock().remove(&job.payload),
        );
        Box::pin(async move {
            started.send(job).expect("the test is running");
            permits.acquire().await.expect("open").forget();
            assert_ne!(verdict, Verdict::GiveUp("panic".into()), "panics on purpose");
            let ended = if is_unstorable {
                Outcome::with_effect(verdict, |_, _| Err(db::Error::Busy))
            } else {
                Outcome::new(verdict)
            };
            if is_idle { ended.without_request() } else { ended }
        })
    }
}

struct Fixture {
    server: TestServer,
    worker: Option<Worker>,
    started: mpsc::UnboundedReceiver<Job>,
    permits: Arc<Semaphore>,
    handler: Arc<TestHandler>,
}

impl Fixture {
    async fn new(initial_permits: usize) -> Self {
        let server = TestServer::start().await;
        let (sender, started) = mpsc::unbounded_channel();
        let permits = Arc::new(Semaphore::new(initial_permits));
        let handler_of = |kind| {
            let (started, permits) = (sender.clone(), permits.clone());
            Arc::new(TestHandler {
                kind,
                started,
                permits,
                verdicts: Mutex::default(),
                unstorable: Mutex::default(),
            })
        };
        let handler = handler_of("test");
        let worker = Some(
            Worker::start(server.server.app().clone(), vec![handler.clone(), handler_of("other")])
                .await
                .expect("starts"),
        );
        Self { server, worker, started, permits, handler }
    }

    fn app(&self) -> App {
        self.server.server.app().clone()
    }

    fn set_verdicts(&self, payload: &str, verdicts: impl IntoIterator<Item = Verdict>) {
        self.handler.verdicts.lock().insert(payload.to_owned(), verdicts.into_iter().collect());
    }

    async fn enqueue(&self, destination: &str, ordering_key: Option<&str>, payload: &str) {
        self.enqueue_kind("test", destination, ordering_key, payload).await;
    }

    async fn enqueue_kind(
        &self,
        kind: &'static str,
        destination: &str,
        ordering_key: Option<&str>,
        payload: &str,
    ) {
        let job = NewJob {
            kind,
            ordering_key: ordering_key.map(ToOwned::to_owned),
            destination: destination.to_owned(),
            payload: payload.to_owned(),
        };
        let app = self.app();
        let now = app.clock.now();
        app.clone().db.write(move |tx| store::enqueue(&app, tx, &job, now)).await.expect("stored");
    }

    async fn next(&mut self) -> Job {
        tokio::time::timeout(Duration::from_secs(10), self.started.recv())
            .await
            .expect("a job starts in time")
            .expect("open")
    }

    /// Checks that no other job starts: a later job is started by a later poll of the table.
    async fn assert_no_job_starts(&mut self) {
        self.enqueue("witness", None, "witness").await;
        assert_eq!(self.next().await.payload, "witness");
    }

    fn table(&self) -> Vec<ListedJob> {
        self.app().db.read(|reader| store::list(reader, None, 100)).expect("reads")
    }

    async fn wait_for_table(&self, what: impl Fn(&[ListedJob]) -> bool) -> Vec<ListedJob> {
        let deadline = std::time::Instant::now() + Duration::from_secs(10);
        loop {
            let table = self.table();
            if what(&table) {
                return table;
            }
            assert!(std::time::Instant::now() < deadline, "{table:?}");
            tokio::task::yield_now().await;
        }
    }

    fn advance_clock(&self, seconds: i64) {
        self.server.advance_clock(seconds);
        self.app().state::<Jobs>().wake();
    }
}

fn retry(reason: &str) -> Verdict {
    Verdict::Retry(reason.into())
}

fn interrupted() -> Verdict {
    Verdict::Interrupted("the disk is full".into())
}

#[tokio::test]
async fn jobs_run_once_after_their_commit() {
    let mut fixture = Fixture::new(10).await;
    fixture.enqueue("a", None, "one").await;
    let job = fixture.next().await;
    assert_eq!((job.payload.as_str(), job.attempts), ("one", 0));
    fixture.wait_for_table(<[_]>::is_empty).await;
}

#[tokio::test]
async fn rolled_back_transactions_enqueue_no_job() {
    let mut fixture = Fixture::new(10).await;
    let app = fixture.app();
    let now = app.clock.now();
    let job = NewJob {
        kind: "test",
        ordering_key: None,
        destination: "a".into(),
        payload: "never".into(),
    };
    let outcome = app
        .clone()
        .db
        .write(move |tx| {
            store::enqueue(&app, tx, &job, now)?;
            Err::<(), _>(db::Error::Busy)
        })
        .await;
    assert!(outcome.is_err());
    fixture.assert_no_job_starts().await;
}

#[tokio::test]
async fn jobs_running_at_shutdown_run_again_after_the_start() {
    let mut fixture = Fixture::new(0).await;
    fixture.enqueue("a", None, "cut off").await;
    let first = fixture.next().await;
    fixture.worker.take().expect("runs").stop(Duration::from_millis(10)).await;
    // The worker has stopped. A crash leaves the row leased.
    let id = first.id;
    let now = fixture.app().clock.now();
    fixture
        .app()
        .db
        .write(move |tx| store::lease(tx, id, now))
        .await
        .expect("leased as after a crash");
    fixture.permits.add_permits(10);
    fixture.worker =
        Some(Worker::start(fixture.app(), vec![fixture.handler.clone()]).await.expect("starts"));
    let again = fixture.next().await;
    assert_eq!((again.key, again.attempts), (first.key, 0));
    fixture.wait_for_table(<[_]>::is_empty).await;
}

#[tokio::test]
async fn a_stopping_worker_gives_running_jobs_until_the_limit() {
    let mut fixture = Fixture::new(0).await;
    fixture.enqueue("a", None, "slow").await;
    fixture.next().await;
    fixture.worker.take().expect("runs").stop(Duration::from_millis(10)).await;
    assert_eq!(fixture.table()[0].state, "waiting", "released after the limit");
    let handlers: Vec<Arc<dyn Handler>> = vec![fixture.handler.clone()];
    let worker = Worker::start(fixture.app(), handlers).await.expect("starts");
    fixture.next().await;
    let stopping = tokio::spawn(worker.stop(Duration::from_secs(60)));
    fixture.permits.add_permits(1);
    stopping.await.expect("no panic");
    assert_eq!(fixture.table(), [], "finished within the limit");
}

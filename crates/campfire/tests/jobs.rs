//! The durable outbox: nothing stored is forgotten, nothing runs without its cause, a bad receiver
//! holds up only itself.

mod support;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use campfire::core::app::App;
use campfire::jobs::store::{self, Listed};
use campfire::jobs::worker::Worker;
use campfire::jobs::{
    Attempt, Ended, Handler, Job, Jobs, MAX_INTERRUPTIONS, NewJob, Policy, Verdict,
};
use parking_lot::Mutex;
use serde_json::json;
use support::TestServer;
use tokio::sync::{Semaphore, mpsc};

/// Does what the test says, and tells what it did.
struct TestHandler {
    kind: &'static str,
    started: mpsc::UnboundedSender<Job>,
    /// Each attempt needs a permit to end.
    permits: Arc<Semaphore>,
    verdicts: Mutex<HashMap<String, VecDeque<Verdict>>>,
    /// What cannot be stored once.
    unstorable: Mutex<HashSet<String>>,
}

const POLICY: Policy = Policy {
    concurrency: 4,
    per_destination: 2,
    attempts: 3,
    first_pause: Duration::from_secs(10),
    time_limit: Duration::from_secs(30),
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
            started.send(job).expect("the test listens");
            permits.acquire().await.expect("open").forget();
            assert_ne!(verdict, Verdict::GiveUp("panic".into()), "as the test wants");
            let ended = if is_unstorable {
                Ended::with(verdict, |_, _| Err(db::Error::Busy))
            } else {
                Ended::plain(verdict)
            };
            if is_idle { ended.unasked() } else { ended }
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
        let handler = handler_of("errand");
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

    async fn enqueue(&self, destination: &str, lane: Option<&str>, payload: &str) {
        self.enqueue_kind("errand", destination, lane, payload).await;
    }

    async fn enqueue_kind(
        &self,
        kind: &'static str,
        destination: &str,
        lane: Option<&str>,
        payload: &str,
    ) {
        let job = NewJob {
            kind,
            lane: lane.map(ToOwned::to_owned),
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
            .expect("a job begins in time")
            .expect("open")
    }

    /// Nothing more begins: a look at the table that finds nothing has happened after this was
    /// called.
    async fn assert_no_job_starts(&mut self) {
        self.enqueue("witness", None, "witness").await;
        assert_eq!(self.next().await.payload, "witness");
    }

    fn table(&self) -> Vec<Listed> {
        self.app().db.read(|reader| store::list(reader, None, 100)).expect("reads")
    }

    async fn wait_for_table(&self, what: impl Fn(&[Listed]) -> bool) -> Vec<Listed> {
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
        self.app().state::<Jobs>().ring();
    }
}

fn retry(reason: &str) -> Verdict {
    Verdict::Retry(reason.into())
}

fn interrupted() -> Verdict {
    Verdict::OwnTrouble("the disk is full".into())
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
    let job =
        NewJob { kind: "errand", lane: None, destination: "a".into(), payload: "never".into() };
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
async fn failures_are_retried_with_growing_delays_until_dead_and_can_be_revived() {
    let mut fixture = Fixture::new(100).await;
    fixture.set_verdicts("flaky", [retry("503"), retry("504"), retry("505")]);
    fixture.enqueue("a", None, "flaky").await;
    let key = fixture.next().await.key;
    fixture
        .wait_for_table(|table| table.iter().any(|job| job.state == "waiting" && job.attempts == 1))
        .await;
    fixture.assert_no_job_starts().await;
    fixture.advance_clock(13);
    let again = fixture.next().await;
    assert_eq!((again.attempts, &again.key), (1, &key));
    fixture
        .wait_for_table(|table| table.iter().any(|job| job.state == "waiting" && job.attempts == 2))
        .await;
    fixture.advance_clock(13);
    fixture.assert_no_job_starts().await;
    fixture.advance_clock(30);
    assert_eq!(fixture.next().await.attempts, 2);
    let table = fixture.wait_for_table(|table| table.iter().any(|job| job.state == "dead")).await;
    assert_eq!(table[0].failure.as_deref(), Some("505"));
    let (id, now) = (table[0].id, fixture.app().clock.now());
    fixture.app().db.write(move |tx| store::revive(tx, Some(id), now)).await.expect("revived");
    fixture.app().state::<Jobs>().ring();
    assert_eq!(fixture.next().await.key, key);
    fixture.wait_for_table(<[_]>::is_empty).await;
}

#[tokio::test]
async fn permanent_failures_are_not_retried() {
    let mut fixture = Fixture::new(10).await;
    fixture.set_verdicts("gone", [Verdict::GiveUp("410 Gone".into())]);
    fixture.enqueue("a", None, "gone").await;
    fixture.next().await;
    let table = fixture.wait_for_table(|table| table.iter().any(|job| job.state == "dead")).await;
    assert_eq!(table[0].failure.as_deref(), Some("410 Gone"));
}

#[tokio::test]
async fn ordering_keys_keep_order_through_failures() {
    let mut fixture = Fixture::new(100).await;
    fixture.set_verdicts("1", [retry("once")]);
    for payload in ["1", "2", "3"] {
        fixture.enqueue("a", Some("bot"), payload).await;
    }
    assert_eq!(fixture.next().await.payload, "1");
    fixture.wait_for_table(|table| table.iter().any(|job| job.attempts == 1)).await;
    fixture.assert_no_job_starts().await;
    fixture.advance_clock(13);
    for payload in ["1", "2", "3"] {
        assert_eq!(fixture.next().await.payload, payload);
    }
}

#[tokio::test]
async fn slow_destinations_do_not_block_others() {
    let mut fixture = Fixture::new(0).await;
    for number in 0..20 {
        fixture.enqueue("slow", None, &format!("slow {number}")).await;
    }
    fixture.enqueue("other", None, "other").await;
    let begun = [fixture.next().await, fixture.next().await, fixture.next().await];
    assert_eq!(
        begun.iter().filter(|job| job.destination == "slow").count(),
        POLICY.per_destination
    );
    assert_eq!(begun.iter().filter(|job| job.destination == "other").count(), 1);
    fixture.permits.add_permits(100);
    fixture.wait_for_table(<[_]>::is_empty).await;
}

#[tokio::test]
async fn many_blocked_jobs_do_not_hide_a_runnable_one() {
    let mut fixture = Fixture::new(1).await;
    fixture.enqueue("quick", None, "first").await;
    fixture.next().await;
    fixture.wait_for_table(<[_]>::is_empty).await;
    let app = fixture.app();
    let hang = move |tx: &mut campfire::core::app::Tx<'_>| {
        for number in 0..600 {
            let job = NewJob {
                kind: "errand",
                lane: None,
                destination: format!("hangs {number}"),
                payload: String::new(),
            };
            store::enqueue(&app, tx, &job, app.clock.now())?;
        }
        Ok::<_, db::Error>(())
    };
    fixture.app().db.write(hang).await.expect("stored");
    for _ in 1..POLICY.concurrency {
        assert!(fixture.next().await.destination.starts_with("hangs"));
    }
    fixture.enqueue("quick", None, "second").await;
    assert_eq!(fixture.next().await.payload, "second");
}

#[tokio::test]
async fn the_circuit_opens_after_failures_and_probes_with_one_job() {
    let mut fixture = Fixture::new(1000).await;
    for number in 0..8 {
        let payload = format!("dead {number}");
        fixture.set_verdicts(&payload, [retry("refused")]);
        fixture.enqueue("dead", None, &payload).await;
    }
    while fixture.app().state::<Jobs>().status().open_circuits.is_empty() {
        tokio::task::yield_now().await;
    }
    // One more may have been under way when it opened.
    let table =
        fixture.wait_for_table(|table| table.iter().all(|job| job.state == "waiting")).await;
    let tried = table.iter().filter(|job| job.attempts == 1).count();
    assert!((5..=6).contains(&tried), "{tried} were tried");
    for _ in 0..tried {
        fixture.next().await;
    }
    fixture.assert_no_job_starts().await;
    // What talks otherwise to the same host goes on, and does not end the peace of the first.
    fixture.ask_of("other", "dead", None, "well received").await;
    assert_eq!(fixture.next().await.payload, "well received");
    fixture.settled(|table| table.iter().all(|job| job.kind == "errand")).await;
    let figures = fixture.server.anonymous().get("/health/detailed").await.json(200);
    let problem = "the circuit to dead is open for errand jobs: the last attempts failed";
    assert_eq!((&figures["status"], &figures["problems"]), (&json!("degraded"), &json!([problem])));
    assert_eq!(
        figures["jobs"]["circuits_open"],
        json!([{ "destination": "dead", "kind": "errand", "pause_seconds": 30 }])
    );
    fixture.assert_no_job_starts().await;
    // The pause is over, and whatever was put off may go: one succeeds, and lets the others
    // through.
    fixture.handler.verdicts.lock().clear();
    fixture.advance_clock(60);
    fixture.wait_for_table(<[_]>::is_empty).await;
    assert!(fixture.app().state::<Jobs>().status().open_circuits.is_empty());
}

#[tokio::test]
async fn jobs_without_a_request_do_not_affect_the_circuit() {
    let mut fixture = Fixture::new(1000).await;
    // Five failures in a row, with idle jobs between them, open the circuit all the same.
    for number in 0..5 {
        let payload = format!("dead {number}");
        fixture.set_verdicts(&payload, [retry("refused")]);
        for payload in [format!("idle {number}"), payload] {
            fixture.enqueue("dead", None, &payload).await;
            assert_eq!(fixture.next().await.payload, payload);
        }
    }
    let deadline = std::time::Instant::now() + Duration::from_secs(10);
    while fixture.app().state::<Jobs>().status().open_circuits.is_empty() {
        assert!(std::time::Instant::now() < deadline, "the circuit stays closed");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn interruptions_count_neither_as_attempts_nor_as_failures() {
    let mut fixture = Fixture::new(1000).await;
    for number in 0..8 {
        let payload = format!("{number}");
        fixture.set_verdicts(&payload, [interrupted()]);
        fixture.enqueue("a", None, &payload).await;
    }
    for _ in 0..8 {
        fixture.next().await;
    }
    let table = fixture
        .wait_for_table(|table| {
            table.iter().all(|job| job.state == "waiting" && job.failure.is_some())
        })
        .await;
    assert!(
        table
            .iter()
            .all(|job| job.attempts == 0 && job.failure.as_deref() == Some("the disk is full")),
        "{table:?}"
    );
    while fixture.app().state::<Jobs>().status().interrupted < 8 {
        tokio::task::yield_now().await;
    }
    let status = fixture.app().state::<Jobs>().status();
    assert_eq!((status.failed, status.open_circuits.len()), (0, 0), "{status:?}");
    fixture.assert_no_job_starts().await;
    fixture.advance_clock(10);
    for _ in 0..8 {
        assert_eq!(fixture.next().await.attempts, 0);
    }
    fixture.wait_for_table(<[_]>::is_empty).await;
}

#[tokio::test]
async fn repeated_interruptions_end_in_a_dead_job() {
    let mut fixture = Fixture::new(1000).await;
    fixture.set_verdicts("poison", std::iter::repeat_n(interrupted(), 100));
    fixture.enqueue("a", None, "poison").await;
    for times in 0..=MAX_INTERRUPTIONS {
        assert_eq!((fixture.next().await.interruptions, fixture.table().len()), (times, 1));
        fixture.wait_for_table(|table| table.iter().all(|job| job.state != "leased")).await;
        fixture.advance_clock(400);
    }
    let table = fixture.wait_for_table(|table| table.iter().all(|job| job.state == "dead")).await;
    assert_eq!((table[0].attempts, table[0].failure.as_deref()), (0, Some("the disk is full")));
    fixture.assert_no_job_starts().await;
}

#[tokio::test]
async fn outcomes_that_cannot_be_stored_are_retried() {
    let mut fixture = Fixture::new(1000).await;
    for payload in ["done", "flaky"] {
        fixture.handler.unstorable.lock().insert(payload.to_owned());
        fixture
            .set_verdicts(payload, [if payload == "done" { Verdict::Done } else { retry("503") }]);
        fixture.enqueue("a", None, payload).await;
        assert_eq!(fixture.next().await.payload, payload);
    }
    let table = fixture
        .wait_for_table(|table| {
            table.iter().all(|job| job.state == "waiting" && job.failure.is_some())
        })
        .await;
    assert!(table.len() == 2 && table.iter().all(|job| job.attempts == 0), "{table:?}");
    fixture.assert_no_job_starts().await;
    fixture.advance_clock(10);
    for _ in 0..2 {
        assert_eq!(fixture.next().await.attempts, 0);
    }
    fixture.wait_for_table(<[_]>::is_empty).await;
}

#[tokio::test]
async fn panicking_handlers_are_retried() {
    let mut fixture = Fixture::new(10).await;
    fixture.set_verdicts("bad", [Verdict::GiveUp("panic".into())]);
    fixture.enqueue("a", None, "bad").await;
    fixture.next().await;
    fixture
        .wait_for_table(|table| table.iter().any(|job| job.attempts == 1 && job.state == "waiting"))
        .await;
    fixture.assert_no_job_starts().await;
}

#[tokio::test]
async fn jobs_running_at_shutdown_run_again_after_the_start() {
    let mut fixture = Fixture::new(0).await;
    fixture.enqueue("a", None, "cut off").await;
    let first = fixture.next().await;
    fixture.worker.take().expect("runs").stop(Duration::from_millis(10)).await;
    // Nothing of it is left running; what a crash leaves is the same row, still taken.
    let id = first.id;
    let now = fixture.app().clock.now();
    fixture
        .app()
        .db
        .write(move |tx| store::lease(tx, id, now))
        .await
        .expect("as a crash leaves it");
    fixture.permits.add_permits(10);
    fixture.worker =
        Some(Worker::start(fixture.app(), vec![fixture.handler.clone()]).await.expect("starts"));
    let again = fixture.next().await;
    assert_eq!((again.key, again.attempts), (first.key, 0));
    fixture.wait_for_table(<[_]>::is_empty).await;
}

/// `campfire jobs …`, the real program beside the running server.
fn campfire(storage: &std::path::Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_campfire"))
        .arg("jobs")
        .args(arguments)
        .env("STORAGE_PATH", storage)
        .env("SECRET_KEY_BASE", support::SECRET)
        .output()
        .expect("runs");
    (
        output.status.code(),
        String::from_utf8_lossy(if output.status.success() {
            &output.stdout
        } else {
            &output.stderr
        })
        .into_owned(),
    )
}

#[tokio::test]
async fn operators_list_retry_and_drop_jobs_while_the_server_runs() {
    let mut fixture = Fixture::new(100).await;
    let storage = fixture.server.storage.path().to_owned();
    for payload in ["one", "two", "three"] {
        fixture.set_verdicts(payload, [Verdict::GiveUp(format!("{payload} is gone\nfor ever"))]);
        fixture.enqueue("a.example", None, payload).await;
        fixture.next().await;
    }
    let dead = fixture
        .wait_for_table(|table| table.iter().filter(|job| job.state == "dead").count() == 3)
        .await;
    let (code, list) = campfire(&storage, &["list", "--state", "dead"]);
    let first = format!(
        "{}\terrand\tdead\t1\t{}\ta.example\tone is gone for ever",
        dead[0].id, dead[0].run_at
    );
    assert_eq!(
        (code, list.lines().next(), list.lines().count()),
        (Some(0), Some(first.as_str()), 3)
    );
    assert_eq!(campfire(&storage, &["list", "--state", "waiting"]), (Some(0), String::new()));
    let one = dead[0].id.to_string();
    assert_eq!(
        campfire(&storage, &["retry", &one]),
        (Some(0), "1 job is tried again\n".to_owned())
    );
    assert_eq!(fixture.next().await.payload, "one");
    fixture.wait_for_table(|table| table.len() == 2).await;
    let (code, refused) = campfire(&storage, &["retry", &one]);
    assert_eq!(code, Some(1));
    assert!(refused.contains("campfire jobs list") && refused.lines().count() == 1, "{refused}");
    assert_eq!(
        campfire(&storage, &["drop"]).0,
        Some(2),
        "nothing is dropped by leaving something out"
    );
    assert_eq!(
        campfire(&storage, &["drop", &dead[1].id.to_string()]),
        (Some(0), "1 job is dropped\n".to_owned())
    );
    assert_eq!(
        campfire(&storage, &["drop", "--all-dead"]),
        (Some(0), "1 job is dropped\n".to_owned())
    );
    assert_eq!(fixture.table(), []);
    assert_eq!(
        campfire(&storage, &["retry", "--all-dead"]),
        (Some(0), "0 jobs are tried again\n".to_owned())
    );
}

#[tokio::test]
async fn only_the_first_job_of_each_ordering_key_is_due() {
    let server = TestServer::start().await;
    let app = server.server.app().clone();
    // Number, lane, destination, state, hour of its turn.
    let rows = [
        (1, "'a'", "x", "dead", 1),
        (2, "'a'", "x", "waiting", 15),
        (3, "'a'", "x", "waiting", 1),
        (4, "'b'", "x", "leased", 1),
        (5, "'b'", "x", "waiting", 1),
        (6, "'c'", "x", "dead", 1),
        (7, "'c'", "x", "waiting", 1),
        (8, "'c'", "x", "waiting", 1),
        (9, "NULL", "x", "waiting", 1),
        (10, "NULL", "x", "waiting", 1),
        (11, "NULL", "y", "waiting", 1),
        (12, "NULL", "y", "waiting", 20),
    ];
    let values = rows.map(|(id, lane, destination, state, hour)| {
        format!("({id}, 'k{id}', 'of nobody', {lane}, '{destination}', '', '{state}', '2030-01-01 {hour:02}:00:00.000000', '', '')")
    });
    let sql = format!(
        "INSERT INTO campfire_jobs (id, key, kind, lane, destination, payload, state, run_at, created_at, updated_at) VALUES {}",
        values.join(", ")
    );
    app.db.write(move |tx| tx.execute_batch(&sql).map_err(db::Error::from)).await.expect("stored");
    let noon =
        campfire::core::clock::Time::from_rails("2030-01-01 12:00:00.000000").expect("a moment");
    let due = |per_destination, limit| {
        let jobs =
            app.db.read(|reader| store::due(reader, noon, per_destination, limit)).expect("reads");
        jobs.into_iter().map(|job| job.id).collect::<Vec<_>>()
    };
    assert_eq!(due(16, 100), [7, 11, 9, 10], "the first of each destination come first");
    assert_eq!(due(2, 100), [7, 11, 9]);
    assert_eq!(due(16, 2), [7, 11]);
    let next = app
        .db
        .read(|reader| store::next_moment(reader, noon))
        .expect("reads")
        .map(campfire::core::clock::Time::to_rails);
    assert_eq!(next.as_deref(), Some("2030-01-01 15:00:00.000000"));
}

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
struct Errand {
    kind: &'static str,
    began: mpsc::UnboundedSender<Job>,
    /// Each attempt needs a permit to end.
    leave: Arc<Semaphore>,
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

impl Handler for Errand {
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
        let (began, leave, is_unstorable) =
            (self.began.clone(), self.leave.clone(), self.unstorable.lock().remove(&job.payload));
        Box::pin(async move {
            began.send(job).expect("the test listens");
            leave.acquire().await.expect("open").forget();
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

struct Stage {
    server: TestServer,
    worker: Option<Worker>,
    began: mpsc::UnboundedReceiver<Job>,
    leave: Arc<Semaphore>,
    errand: Arc<Errand>,
}

impl Stage {
    async fn set(permits: usize) -> Self {
        let server = TestServer::start().await;
        let (sender, began) = mpsc::unbounded_channel();
        let leave = Arc::new(Semaphore::new(permits));
        let does = |kind| {
            let (began, leave) = (sender.clone(), leave.clone());
            Arc::new(Errand {
                kind,
                began,
                leave,
                verdicts: Mutex::default(),
                unstorable: Mutex::default(),
            })
        };
        let errand = does("errand");
        let worker = Some(
            Worker::start(server.server.app().clone(), vec![errand.clone(), does("other")])
                .await
                .expect("starts"),
        );
        Self { server, worker, began, leave, errand }
    }

    fn app(&self) -> App {
        self.server.server.app().clone()
    }

    fn answers(&self, payload: &str, verdicts: impl IntoIterator<Item = Verdict>) {
        self.errand.verdicts.lock().insert(payload.to_owned(), verdicts.into_iter().collect());
    }

    async fn ask(&self, destination: &str, lane: Option<&str>, payload: &str) {
        self.ask_of("errand", destination, lane, payload).await;
    }

    async fn ask_of(
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
        tokio::time::timeout(Duration::from_secs(10), self.began.recv())
            .await
            .expect("a job begins in time")
            .expect("open")
    }

    /// Nothing more begins: a look at the table that finds nothing has happened after this was
    /// called.
    async fn nothing_begins(&mut self) {
        self.ask("witness", None, "witness").await;
        assert_eq!(self.next().await.payload, "witness");
    }

    fn table(&self) -> Vec<Listed> {
        self.app().db.read(|reader| store::list(reader, None, 100)).expect("reads")
    }

    async fn settled(&self, what: impl Fn(&[Listed]) -> bool) -> Vec<Listed> {
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

    fn later(&self, seconds: i64) {
        self.server.advance_clock(seconds);
        self.app().state::<Jobs>().ring();
    }
}

fn retry(reason: &str) -> Verdict {
    Verdict::Retry(reason.into())
}

fn trouble() -> Verdict {
    Verdict::OwnTrouble("the disk is full".into())
}

#[tokio::test]
async fn a_job_runs_once_after_its_commit_and_is_gone() {
    let mut stage = Stage::set(10).await;
    stage.ask("a", None, "one").await;
    let job = stage.next().await;
    assert_eq!((job.payload.as_str(), job.attempts), ("one", 0));
    stage.settled(<[_]>::is_empty).await;
}

#[tokio::test]
async fn a_transaction_that_fails_causes_no_job() {
    let mut stage = Stage::set(10).await;
    let app = stage.app();
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
    stage.nothing_begins().await;
}

#[tokio::test]
async fn a_failure_is_repeated_with_growing_pauses_then_given_up_visibly_and_can_be_revived() {
    let mut stage = Stage::set(100).await;
    stage.answers("flaky", [retry("503"), retry("504"), retry("505")]);
    stage.ask("a", None, "flaky").await;
    let key = stage.next().await.key;
    stage
        .settled(|table| table.iter().any(|job| job.state == "waiting" && job.attempts == 1))
        .await;
    stage.nothing_begins().await;
    stage.later(13);
    let again = stage.next().await;
    assert_eq!((again.attempts, &again.key), (1, &key));
    stage
        .settled(|table| table.iter().any(|job| job.state == "waiting" && job.attempts == 2))
        .await;
    stage.later(13);
    stage.nothing_begins().await;
    stage.later(30);
    assert_eq!(stage.next().await.attempts, 2);
    let table = stage.settled(|table| table.iter().any(|job| job.state == "dead")).await;
    assert_eq!(table[0].failure.as_deref(), Some("505"));
    let (id, now) = (table[0].id, stage.app().clock.now());
    stage.app().db.write(move |tx| store::revive(tx, Some(id), now)).await.expect("revived");
    stage.app().state::<Jobs>().ring();
    assert_eq!(stage.next().await.key, key);
    stage.settled(<[_]>::is_empty).await;
}

#[tokio::test]
async fn what_never_succeeds_is_given_up_at_once() {
    let mut stage = Stage::set(10).await;
    stage.answers("gone", [Verdict::GiveUp("410 Gone".into())]);
    stage.ask("a", None, "gone").await;
    stage.next().await;
    let table = stage.settled(|table| table.iter().any(|job| job.state == "dead")).await;
    assert_eq!(table[0].failure.as_deref(), Some("410 Gone"));
}

#[tokio::test]
async fn a_lane_keeps_its_order_also_through_failures() {
    let mut stage = Stage::set(100).await;
    stage.answers("1", [retry("once")]);
    for payload in ["1", "2", "3"] {
        stage.ask("a", Some("bot"), payload).await;
    }
    assert_eq!(stage.next().await.payload, "1");
    stage.settled(|table| table.iter().any(|job| job.attempts == 1)).await;
    stage.nothing_begins().await;
    stage.later(13);
    for payload in ["1", "2", "3"] {
        assert_eq!(stage.next().await.payload, payload);
    }
}

#[tokio::test]
async fn a_slow_destination_takes_nobody_elses_place() {
    let mut stage = Stage::set(0).await;
    for number in 0..20 {
        stage.ask("slow", None, &format!("slow {number}")).await;
    }
    stage.ask("other", None, "other").await;
    let begun = [stage.next().await, stage.next().await, stage.next().await];
    assert_eq!(
        begun.iter().filter(|job| job.destination == "slow").count(),
        POLICY.per_destination
    );
    assert_eq!(begun.iter().filter(|job| job.destination == "other").count(), 1);
    stage.leave.add_permits(100);
    stage.settled(<[_]>::is_empty).await;
}

#[tokio::test]
async fn very_many_without_a_place_do_not_hide_one_that_has_one() {
    let mut stage = Stage::set(1).await;
    stage.ask("quick", None, "first").await;
    stage.next().await;
    stage.settled(<[_]>::is_empty).await;
    let app = stage.app();
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
    stage.app().db.write(hang).await.expect("stored");
    for _ in 1..POLICY.concurrency {
        assert!(stage.next().await.destination.starts_with("hangs"));
    }
    stage.ask("quick", None, "second").await;
    assert_eq!(stage.next().await.payload, "second");
}

#[tokio::test]
async fn a_dead_destination_is_left_in_peace_and_tried_with_one_job() {
    let mut stage = Stage::set(1000).await;
    for number in 0..8 {
        let payload = format!("dead {number}");
        stage.answers(&payload, [retry("refused")]);
        stage.ask("dead", None, &payload).await;
    }
    while stage.app().state::<Jobs>().status().open_circuits.is_empty() {
        tokio::task::yield_now().await;
    }
    // One more may have been under way when it opened.
    let table = stage.settled(|table| table.iter().all(|job| job.state == "waiting")).await;
    let tried = table.iter().filter(|job| job.attempts == 1).count();
    assert!((5..=6).contains(&tried), "{tried} were tried");
    for _ in 0..tried {
        stage.next().await;
    }
    stage.nothing_begins().await;
    // What talks otherwise to the same host goes on, and does not end the peace of the first.
    stage.ask_of("other", "dead", None, "well received").await;
    assert_eq!(stage.next().await.payload, "well received");
    stage.settled(|table| table.iter().all(|job| job.kind == "errand")).await;
    let figures = stage.server.anonymous().get("/health/detailed").await.json(200);
    let problem = "the circuit to dead is open for errand jobs: the last attempts failed";
    assert_eq!((&figures["status"], &figures["problems"]), (&json!("degraded"), &json!([problem])));
    assert_eq!(
        figures["jobs"]["circuits_open"],
        json!([{ "destination": "dead", "kind": "errand", "pause_seconds": 30 }])
    );
    stage.nothing_begins().await;
    // The pause is over, and whatever was put off may go: one succeeds, and lets the others
    // through.
    stage.errand.verdicts.lock().clear();
    stage.later(60);
    stage.settled(<[_]>::is_empty).await;
    assert!(stage.app().state::<Jobs>().status().open_circuits.is_empty());
}

#[tokio::test]
async fn what_asked_nobody_does_not_speak_for_the_destination() {
    let mut stage = Stage::set(1000).await;
    // Five failures in a row, with idle jobs between them, open the circuit all the same.
    for number in 0..5 {
        let payload = format!("dead {number}");
        stage.answers(&payload, [retry("refused")]);
        for payload in [format!("idle {number}"), payload] {
            stage.ask("dead", None, &payload).await;
            assert_eq!(stage.next().await.payload, payload);
        }
    }
    let deadline = std::time::Instant::now() + Duration::from_secs(10);
    while stage.app().state::<Jobs>().status().open_circuits.is_empty() {
        assert!(std::time::Instant::now() < deadline, "the circuit stays closed");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn our_own_trouble_counts_against_nobody() {
    let mut stage = Stage::set(1000).await;
    for number in 0..8 {
        let payload = format!("{number}");
        stage.answers(&payload, [trouble()]);
        stage.ask("a", None, &payload).await;
    }
    for _ in 0..8 {
        stage.next().await;
    }
    let table = stage
        .settled(|table| table.iter().all(|job| job.state == "waiting" && job.failure.is_some()))
        .await;
    assert!(
        table
            .iter()
            .all(|job| job.attempts == 0 && job.failure.as_deref() == Some("the disk is full")),
        "{table:?}"
    );
    while stage.app().state::<Jobs>().status().interrupted < 8 {
        tokio::task::yield_now().await;
    }
    let status = stage.app().state::<Jobs>().status();
    assert_eq!((status.failed, status.open_circuits.len()), (0, 0), "{status:?}");
    stage.nothing_begins().await;
    stage.later(10);
    for _ in 0..8 {
        assert_eq!(stage.next().await.attempts, 0);
    }
    stage.settled(<[_]>::is_empty).await;
}

#[tokio::test]
async fn trouble_of_our_own_that_never_ends_is_given_up() {
    let mut stage = Stage::set(1000).await;
    stage.answers("poison", std::iter::repeat_n(trouble(), 100));
    stage.ask("a", None, "poison").await;
    for times in 0..=MAX_INTERRUPTIONS {
        assert_eq!((stage.next().await.interruptions, stage.table().len()), (times, 1));
        stage.settled(|table| table.iter().all(|job| job.state != "leased")).await;
        stage.later(400);
    }
    let table = stage.settled(|table| table.iter().all(|job| job.state == "dead")).await;
    assert_eq!((table[0].attempts, table[0].failure.as_deref()), (0, Some("the disk is full")));
    stage.nothing_begins().await;
}

#[tokio::test]
async fn an_end_that_cannot_be_stored_is_repeated_after_a_pause() {
    let mut stage = Stage::set(1000).await;
    for payload in ["done", "flaky"] {
        stage.errand.unstorable.lock().insert(payload.to_owned());
        stage.answers(payload, [if payload == "done" { Verdict::Done } else { retry("503") }]);
        stage.ask("a", None, payload).await;
        assert_eq!(stage.next().await.payload, payload);
    }
    let table = stage
        .settled(|table| table.iter().all(|job| job.state == "waiting" && job.failure.is_some()))
        .await;
    assert!(table.len() == 2 && table.iter().all(|job| job.attempts == 0), "{table:?}");
    stage.nothing_begins().await;
    stage.later(10);
    for _ in 0..2 {
        assert_eq!(stage.next().await.attempts, 0);
    }
    stage.settled(<[_]>::is_empty).await;
}

#[tokio::test]
async fn a_handler_that_panics_is_tried_again_and_harms_nobody() {
    let mut stage = Stage::set(10).await;
    stage.answers("bad", [Verdict::GiveUp("panic".into())]);
    stage.ask("a", None, "bad").await;
    stage.next().await;
    stage
        .settled(|table| table.iter().any(|job| job.attempts == 1 && job.state == "waiting"))
        .await;
    stage.nothing_begins().await;
}

#[tokio::test]
async fn what_was_running_at_the_end_runs_again_at_the_next_start() {
    let mut stage = Stage::set(0).await;
    stage.ask("a", None, "cut off").await;
    let first = stage.next().await;
    stage.worker.take().expect("runs").stop(Duration::from_millis(10)).await;
    // Nothing of it is left running; what a crash leaves is the same row, still taken.
    let id = first.id;
    let now = stage.app().clock.now();
    stage.app().db.write(move |tx| store::lease(tx, id, now)).await.expect("as a crash leaves it");
    stage.leave.add_permits(10);
    stage.worker =
        Some(Worker::start(stage.app(), vec![stage.errand.clone()]).await.expect("starts"));
    let again = stage.next().await;
    assert_eq!((again.key, again.attempts), (first.key, 0));
    stage.settled(<[_]>::is_empty).await;
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
async fn an_operator_lists_retries_and_drops_jobs_while_the_server_runs() {
    let mut stage = Stage::set(100).await;
    let storage = stage.server.storage.path().to_owned();
    for payload in ["one", "two", "three"] {
        stage.answers(payload, [Verdict::GiveUp(format!("{payload} is gone\nfor ever"))]);
        stage.ask("a.example", None, payload).await;
        stage.next().await;
    }
    let dead =
        stage.settled(|table| table.iter().filter(|job| job.state == "dead").count() == 3).await;
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
    assert_eq!(stage.next().await.payload, "one");
    stage.settled(|table| table.len() == 2).await;
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
    assert_eq!(stage.table(), []);
    assert_eq!(
        campfire(&storage, &["retry", "--all-dead"]),
        (Some(0), "0 jobs are tried again\n".to_owned())
    );
}

#[tokio::test]
async fn of_each_lane_only_the_first_is_due_whatever_holds_it_up() {
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

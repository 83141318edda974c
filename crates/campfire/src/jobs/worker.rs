//! The worker: looks whose turn it is, takes jobs, runs them within their limits, stores how they ended. One task decides, so
//! that nothing is counted twice; the attempts run beside it.

use std::collections::{BTreeMap, HashMap};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::circuit::{Circuits, Passage};
use super::store::{self, Settled};
use super::turns::Turns;
use super::{Ended, Handler, Job, Jobs, Policy, Verdict};
use crate::app::App;
use crate::http::problem::chain;
use crate::time::Time;

/// Jobs looked at in one round.
const ROUND: usize = 256;
/// Of these, to one destination.
const ROUND_PER_DESTINATION: usize = 16;
/// The longest time between two looks, for a clock that is set forward.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// How long a look at the table may take.
const LOOK_TIME: Duration = Duration::from_secs(10);
/// The pause after the database did not answer.
const AFTER_TROUBLE: Duration = Duration::from_secs(1);

/// The running worker.
pub struct Worker {
    stop: watch::Sender<bool>,
    task: tokio::task::JoinHandle<()>,
}

impl Worker {
    /// Takes up what an earlier process left, and begins.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn start(app: App, handlers: Vec<Arc<dyn Handler>>) -> Result<Self, db::Error> {
        let now = app.clock.now();
        let unfinished = app.db.write(move |tx| store::recover(tx, now)).await?;
        app.state::<Jobs>().unfinished.store(unfinished, Ordering::Relaxed);
        let (stop, stopped) = watch::channel(false);
        let (ends, ended) = mpsc::channel(ROUND);
        let handlers = handlers.into_iter().map(|handler| (handler.kind(), handler)).collect();
        let bell = app.state::<Jobs>().bell.subscribe();
        let desk = Desk { app, handlers, circuits: Circuits::default(), turns: Turns::default(), running: JoinSet::new(), ends };
        Ok(Self { stop, task: tokio::spawn(desk.work(ended, bell, stopped)) })
    }

    /// Takes no more jobs, lets the running ones finish for so long, and puts the others back.
    pub async fn stop(self, limit: Duration) {
        self.stop.send_replace(true);
        let mut task = self.task;
        // The worker keeps the limit itself but for writing what it puts back.
        if tokio::time::timeout(limit + AFTER_TROUBLE, &mut task).await.is_err() {
            task.abort();
            tracing::warn!("the jobs did not stop in time; what was running is repeated at the next start");
        }
    }
}

struct Desk {
    app: App,
    handlers: HashMap<&'static str, Arc<dyn Handler>>,
    circuits: Circuits,
    turns: Turns,
    running: JoinSet<()>,
    ends: mpsc::Sender<End>,
}

/// What the desk learns of an attempt.
struct End {
    job: Job,
    health: Health,
    settled: Option<Settled>,
}

/// What an attempt says about its destination.
#[derive(Clone, Copy, PartialEq)]
enum Health {
    Answers,
    Fails,
    Unknown,
}

impl Desk {
    async fn work(mut self, mut ended: mpsc::Receiver<End>, mut bell: watch::Receiver<()>, mut stopped: watch::Receiver<bool>) {
        loop {
            // What rings from here on is not missed while the table is looked at.
            bell.mark_unchanged();
            let pause = match self.round().await {
                Ok(pause) => pause,
                Err(error) => {
                    tracing::warn!(error = %chain(&error), "the jobs could not be looked at; it is tried again");
                    AFTER_TROUBLE
                }
            };
            tokio::select! {
                stopping = stopped.wait_for(|stopped| *stopped) => {
                    drop(stopping);
                    break;
                }
                _ = bell.changed() => {}
                Some(end) = ended.recv() => self.note(&end),
                () = tokio::time::sleep(pause) => {}
            }
            while let Ok(end) = ended.try_recv() {
                self.note(&end);
            }
            while let Some(done) = self.running.try_join_next() {
                if let Err(error) = done {
                    tracing::error!(%error, "an attempt ended in an unexpected way");
                }
            }
        }
        self.put_down(ended).await;
    }

    /// Takes what can be begun and begins it; gives the time until the next look.
    async fn round(&mut self) -> Result<Duration, db::Error> {
        let now = self.app.clock.now();
        let (due, next) = self
            .app
            .db
            .read_long(LOOK_TIME, move |reader| {
                Ok::<_, db::Error>((store::due(reader, now, ROUND_PER_DESTINATION, ROUND)?, store::next_moment(reader, now)?))
            })
            .await?;
        let (chosen, put_off) = self.choose(due, now);
        if !chosen.is_empty() || !put_off.is_empty() {
            self.take(chosen, put_off, now).await?;
        }
        let pause = next.map_or(LOOK_EVERY, |next| until(now, next));
        Ok(pause.min(LOOK_EVERY))
    }

    fn choose(&mut self, due: Vec<Job>, now: Time) -> (Vec<Job>, BTreeMap<String, Time>) {
        let (mut chosen, mut put_off) = (Vec::new(), BTreeMap::new());
        for job in due {
            // A kind that nobody does belongs to another version of this program, and waits for it.
            let Some(policy) = self.handlers.get(job.kind.as_str()).map(|handler| handler.policy()) else { continue };
            if !self.turns.has_place(&job, &policy) {
                continue;
            }
            match self.circuits.ask(&job.destination, now) {
                Passage::Free => {
                    self.turns.begin(&job);
                    chosen.push(job);
                }
                Passage::NotBefore(until) => drop(put_off.insert(job.destination, until)),
                Passage::NotNow => {}
            }
        }
        (chosen, put_off)
    }

    async fn take(&mut self, chosen: Vec<Job>, put_off: BTreeMap<String, Time>, now: Time) -> Result<(), db::Error> {
        let ids = chosen.iter().map(|job| job.id).collect::<Vec<_>>();
        let leased = self.app.db.write(move |tx| {
            for (destination, until) in &put_off {
                store::put_off(tx, destination, *until)?;
            }
            ids.into_iter().map(|id| store::lease(tx, id, now)).collect::<Result<Vec<_>, db::Error>>()
        });
        let leased = match leased.await {
            Ok(leased) => leased,
            Err(error) => {
                chosen.iter().for_each(|job| self.forget(job));
                return Err(error);
            }
        };
        for (job, leased) in chosen.into_iter().zip(leased) {
            match self.handlers.get(job.kind.as_str()) {
                Some(handler) if leased => drop(self.running.spawn(attempt(self.app.clone(), handler.clone(), job, self.ends.clone()))),
                _ => self.forget(&job),
            }
        }
        Ok(())
    }

    fn forget(&mut self, job: &Job) {
        self.turns.end(job);
        self.circuits.unknown(&job.destination, self.app.clock.now());
    }

    fn note(&mut self, end: &End) {
        self.turns.end(&end.job);
        let (destination, now) = (&end.job.destination, self.app.clock.now());
        match end.health {
            Health::Answers => self.circuits.succeeded(destination),
            Health::Fails => self.circuits.failed(destination, now),
            Health::Unknown => self.circuits.unknown(destination, now),
        }
        let jobs = self.app.state::<Jobs>();
        if let Some(settled) = &end.settled {
            jobs.count(settled);
        }
        *jobs.open_circuits.lock() = self.circuits.open();
    }

    /// The server stops: what runs may finish, what does not is put back.
    async fn put_down(mut self, mut ended: mpsc::Receiver<End>) {
        const LIMIT: Duration = Duration::from_secs(2);
        drop(self.ends);
        // Attempts report on a bounded queue; it must be emptied for them to end.
        let all = async {
            while ended.recv().await.is_some() {}
            while self.running.join_next().await.is_some() {}
        };
        let in_time = tokio::time::timeout(LIMIT, all).await.is_ok();
        self.running.shutdown().await;
        if !in_time && let Err(error) = self.app.db.write(|tx| store::release_all(tx)).await {
            tracing::warn!(error = %chain(&error), "running jobs could not be put back; the next start does it");
        }
    }
}

fn until(now: Time, next: Time) -> Duration {
    let span = next.timestamp().duration_since(now.timestamp());
    Duration::try_from(span).unwrap_or_default()
}

async fn attempt(app: App, handler: Arc<dyn Handler>, job: Job, ends: mpsc::Sender<End>) {
    let policy = handler.policy();
    let run = AssertUnwindSafe(handler.attempt(app.clone(), job.clone())).catch_unwind();
    let (ended, health) = match tokio::time::timeout(policy.time_limit, run).await {
        Ok(Ok(ended)) => {
            let health = if matches!(ended.verdict, Verdict::Retry(_) | Verdict::Later(..)) { Health::Fails } else { Health::Answers };
            (ended, health)
        }
        Ok(Err(_)) => {
            tracing::error!(kind = job.kind, job = job.id, "a job's handler panicked");
            (Ended::plain(Verdict::Retry("an unexpected error of ours; the log says more".into())), Health::Unknown)
        }
        Err(_) => {
            let reason = format!("not finished within {} seconds", policy.time_limit.as_secs());
            (Ended::plain(Verdict::Retry(reason)), Health::Fails)
        }
    };
    let settled = settle(&app, &job, &policy, ended).await;
    // The desk is gone only when the server stops.
    drop(ends.send(End { job, health, settled }).await);
}

async fn settle(app: &App, job: &Job, policy: &Policy, ended: Ended) -> Option<Settled> {
    let now = app.clock.now();
    let pause = pause(policy.first_pause, job.attempts, rand::random()).max(asked_for(&ended.verdict));
    let again = (job.attempts + 1 < policy.attempts).then(|| now.plus(pause));
    if let Verdict::Retry(reason) | Verdict::Later(reason, _) | Verdict::GiveUp(reason) = &ended.verdict {
        tracing::info!(kind = job.kind, job = job.id, attempt = job.attempts + 1, reason, "a job's attempt failed");
    }
    let (of, stored) = (app.clone(), job.clone());
    let outcome = app
        .db
        .write(move |tx| {
            let settled = store::settle(tx, &stored, &ended.verdict, again, now)?;
            // Of a job that was dropped meanwhile nothing is left to do.
            if let (Some(_), Some(effect)) = (settled, ended.effect) {
                effect(&of, tx)?;
            }
            Ok::<_, db::Error>(settled)
        })
        .await;
    match outcome {
        Ok(settled) => settled,
        Err(error) => {
            tracing::error!(error = %chain(&error), kind = job.kind, job = job.id, "the end of a job could not be stored; it is repeated");
            put_back(app, job.id).await;
            None
        }
    }
}

/// Tries until the database takes it; if the server stops first, the next start does it.
async fn put_back(app: &App, id: i64) {
    while app.db.write(move |tx| store::release(tx, id)).await.is_err() {
        tokio::time::sleep(AFTER_TROUBLE).await;
    }
    app.state::<Jobs>().ring();
}

/// The pause that the destination asked for.
fn asked_for(verdict: &Verdict) -> Duration {
    if let Verdict::Later(_, pause) = verdict { *pause } else { Duration::ZERO }
}

/// The pause after so many earlier failures: three times as long each time, give or take a quarter, so that what failed together
/// does not come back together.
fn pause(first: Duration, failures: u32, luck: f64) -> Duration {
    first * 3u32.saturating_pow(failures.min(8)) * u32::from((75.0 + 50.0 * luck).clamp(75.0, 125.0) as u8) / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_vary() {
        let first = Duration::from_secs(15);
        assert_eq!(pause(first, 0, 0.5), first);
        assert_eq!(pause(first, 2, 0.5), first * 9);
        assert_eq!(pause(first, 0, 0.0), first * 3 / 4);
        assert_eq!(pause(first, 0, 1.0), first * 5 / 4);
        assert!(pause(first, u32::MAX, 1.0) < Duration::from_secs(3 * 24 * 60 * 60));
    }
}

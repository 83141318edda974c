//! The worker: looks whose turn it is, takes jobs, runs them within their limits, stores how they
//! ended. One task decides, so that nothing is counted twice; the attempts run beside it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::attempting::{AFTER_TROUBLE, End, Health, attempt};
use super::circuit::{Circuits, Passage};
use super::limiter::Turns;
use super::store;
use super::{Handler, Job, Jobs};
use crate::core::app::App;
use crate::core::clock::Time;
use crate::http::problem::chain;

/// Jobs looked at in one round: more than there may be bots, so that those whose receivers have no
/// place do not hide the others.
const ROUND: usize = 1024;
/// Of these, to one destination.
const ROUND_PER_DESTINATION: usize = 16;
/// The longest time between two looks, for a clock that is set forward.
const LOOK_EVERY: Duration = Duration::from_secs(60);

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
        let desk = Desk {
            app,
            handlers,
            circuits: Circuits::default(),
            turns: Turns::default(),
            running: JoinSet::new(),
            ends,
        };
        Ok(Self { stop, task: tokio::spawn(desk.work(ended, bell, stopped)) })
    }

    /// Takes no more jobs, lets the running ones finish for so long, and puts the others back.
    pub async fn stop(self, limit: Duration) {
        self.stop.send_replace(true);
        let mut task = self.task;
        // The worker keeps the limit itself but for writing what it puts back.
        if tokio::time::timeout(limit + AFTER_TROUBLE, &mut task).await.is_err() {
            task.abort();
            tracing::warn!(
                "the jobs did not stop in time; what was running is repeated at the next start"
            );
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

impl Desk {
    async fn work(
        mut self,
        mut ended: mpsc::Receiver<End>,
        mut bell: watch::Receiver<()>,
        mut stopped: watch::Receiver<bool>,
    ) {
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
        // Not among the long queries: nobody's search may hold up what is to be sent.
        let app = self.app.clone();
        let look = tokio::task::spawn_blocking(move || {
            app.db.read(|reader| {
                Ok::<_, db::Error>((
                    store::due(reader, now, ROUND_PER_DESTINATION, ROUND)?,
                    store::next_moment(reader, now)?,
                ))
            })
        });
        let (due, next) = look.await.unwrap_or(Err(db::Error::Panicked))?;
        let (chosen, put_off) = self.choose(due, now);
        // What is put off now was due when the table was looked at.
        let pause = pause(now, put_off.iter().map(|(_, until)| *until).chain(next));
        if !chosen.is_empty() || !put_off.is_empty() {
            self.take(chosen, put_off, now).await?;
        }
        Ok(pause)
    }

    fn choose(&mut self, due: Vec<Job>, now: Time) -> (Vec<Job>, Vec<(Job, Time)>) {
        // One of each lane is due at most; of what has no lane, one stands for all that talks to
        // the same.
        let (mut chosen, mut put_off) = (Vec::new(), BTreeMap::new());
        for job in due {
            // A kind that nobody does belongs to another version of this program, and waits for it.
            let Some(policy) = self.handlers.get(job.kind.as_str()).map(|handler| handler.policy())
            else {
                continue;
            };
            if !self.turns.has_place(&job, &policy) {
                continue;
            }
            match self.circuits.ask(&job.target(), now) {
                Passage::Free => {
                    self.turns.begin(&job);
                    chosen.push(job);
                }
                Passage::NotBefore(until) => {
                    drop(put_off.insert((job.target(), job.lane.clone()), (job, until)))
                }
                Passage::NotNow => {}
            }
        }
        (chosen, put_off.into_values().collect())
    }

    async fn take(
        &mut self,
        chosen: Vec<Job>,
        put_off: Vec<(Job, Time)>,
        now: Time,
    ) -> Result<(), db::Error> {
        let ids = chosen.iter().map(|job| job.id).collect::<Vec<_>>();
        let leased = self.app.db.write(move |tx| {
            for (job, until) in &put_off {
                store::put_off(tx, job, *until)?;
            }
            ids.into_iter()
                .map(|id| store::lease(tx, id, now))
                .collect::<Result<Vec<_>, db::Error>>()
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
                Some(handler) if leased => drop(self.running.spawn(attempt(
                    self.app.clone(),
                    handler.clone(),
                    job,
                    self.ends.clone(),
                ))),
                _ => self.forget(&job),
            }
        }
        Ok(())
    }

    fn forget(&mut self, job: &Job) {
        self.turns.end(job);
        self.circuits.unknown(&job.target(), self.app.clock.now());
    }

    fn note(&mut self, end: &End) {
        self.turns.end(&end.job);
        let (target, now) = (end.job.target(), self.app.clock.now());
        self.turns.learn(&target, end.health, end.took);
        match end.health {
            Health::Answers => self.circuits.succeeded(&target),
            Health::Fails => self.circuits.failed(&target, now),
            Health::Unknown => self.circuits.unknown(&target, now),
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

/// The time until the next look: when the first of these moments comes, or the longest.
fn pause(now: Time, moments: impl Iterator<Item = Time>) -> Duration {
    let until = |moment: Time| {
        Duration::try_from(moment.timestamp().duration_since(now.timestamp())).unwrap_or_default()
    };
    moments.map(until).fold(LOOK_EVERY, Duration::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_look_is_at_the_first_moment_and_never_too_late() {
        let at = |second| Time::from(jiff::Timestamp::from_second(second).expect("in range"));
        let seconds =
            |moments: &[i64]| pause(at(100), moments.iter().map(|second| at(*second))).as_secs();
        assert_eq!(seconds(&[145, 130, 300]), 30, "what is put off until 130 is tried then");
        assert_eq!(seconds(&[300]), LOOK_EVERY.as_secs());
        assert_eq!(seconds(&[]), LOOK_EVERY.as_secs());
        assert_eq!(seconds(&[99]), 0);
    }
}

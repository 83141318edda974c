//! The worker: leases due jobs, runs them within their limits, and learns from their outcomes. A
//! single task, the `Dispatcher`, decides what runs; the attempts run in tasks of their own.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};

use super::attempt::{DATABASE_BACKOFF, Health, Report, attempt};
use super::circuit::{Circuits, Permit};
use super::limiter::ConcurrencyLimiter;
use super::store;
use super::{Handler, Job, Jobs};
use crate::core::app::App;
use crate::core::clock::Time;
use crate::http::problem::chain;

/// Due jobs read at once: more than there may be bots, so that jobs without a free slot do not hide
/// the others.
const BATCH: usize = 1024;
/// Of these, jobs to one destination.
const BATCH_PER_DESTINATION: usize = 16;
/// The longest time between two polls, in case the clock is set forward.
const MAX_POLL_INTERVAL: Duration = Duration::from_secs(60);

/// A handle on the running worker.
pub struct Worker {
    /// Set to the time that running jobs have to finish.
    stop: watch::Sender<Option<Duration>>,
    task: JoinHandle<()>,
}

impl Worker {
    /// Recovers the jobs of an earlier process and starts to poll.
    pub async fn start(app: App, handlers: Vec<Arc<dyn Handler>>) -> Result<Self, db::Error> {
        let now = app.clock.now();
        let unfinished = app.db.write(move |tx| store::recover(tx, now)).await?;
        app.state::<Jobs>().unfinished.store(unfinished, Ordering::Relaxed);
        let (stop, stopped) = watch::channel(None);
        let (sender, reports) = mpsc::channel(BATCH);
        let handlers = handlers.into_iter().map(|handler| (handler.kind(), handler)).collect();
        let wake = app.state::<Jobs>().wake.subscribe();
        let dispatcher = Dispatcher {
            app: app.clone(),
            handlers,
            circuits: Circuits::default(),
            limiter: ConcurrencyLimiter::default(),
            running: JoinSet::new(),
            reports: sender,
        };
        Ok(Self { stop, task: app.tasks.spawn(dispatcher.run(reports, wake, stopped)) })
    }

    /// Leases no more jobs, gives the running ones `limit` to finish, and releases the others.
    pub async fn stop(self, limit: Duration) {
        self.stop.send_replace(Some(limit));
        let mut task = self.task;
        // The dispatcher observes the limit; the time on top is for the write that releases jobs.
        if tokio::time::timeout(limit + DATABASE_BACKOFF, &mut task).await.is_err() {
            task.abort();
            tracing::warn!("jobs did not stop in time; unfinished ones run again after a restart");
        }
    }
}

struct Dispatcher {
    app: App,
    handlers: HashMap<&'static str, Arc<dyn Handler>>,
    circuits: Circuits,
    limiter: ConcurrencyLimiter,
    running: JoinSet<()>,
    reports: mpsc::Sender<Report>,
}

impl Dispatcher {
    async fn run(
        mut self,
        mut reports: mpsc::Receiver<Report>,
        mut wake: watch::Receiver<()>,
        mut stopped: watch::Receiver<Option<Duration>>,
    ) {
        let limit = loop {
            // A wake-up during the poll causes another poll.
            wake.mark_unchanged();
            let pause = self.poll().await.unwrap_or_else(|error| {
                tracing::warn!(error = %chain(&error), "failed to poll the job queue; retrying");
                DATABASE_BACKOFF
            });
            tokio::select! {
                limit = stopped.wait_for(Option::is_some) => {
                    // A worker that is dropped without being stopped gives no time.
                    break limit.ok().and_then(|limit| *limit).unwrap_or_default();
                }
                _ = wake.changed() => {}
                Some(report) = reports.recv() => self.handle_report(&report),
                () = tokio::time::sleep(pause) => {}
            }
            while let Ok(report) = reports.try_recv() {
                self.handle_report(&report);
            }
            while let Some(ended) = self.running.try_join_next() {
                if let Err(error) = ended {
                    tracing::error!(%error, "the task of a job ended unexpectedly");
                }
            }
        };
        self.shut_down(reports, limit).await;
    }

    /// Starts the due jobs that have a permit; returns the time until the next poll.
    async fn poll(&mut self) -> Result<Duration, db::Error> {
        let now = self.app.clock.now();
        // Not on the threads for long queries, where searches could delay it.
        let app = self.app.clone();
        let read = tokio::task::spawn_blocking(move || {
            app.db.read(|reader| {
                Ok::<_, db::Error>((
                    store::due(reader, now, BATCH_PER_DESTINATION, BATCH)?,
                    store::next_run_at(reader, now)?,
                ))
            })
        });
        let (due, next) = read.await.unwrap_or(Err(db::Error::Panicked))?;
        let (permitted, postponed) = self.select(due, now);
        // Postponed jobs were due when `next` was read.
        let pause = poll_interval(now, postponed.iter().map(|(_, until)| *until).chain(next));
        if !permitted.is_empty() || !postponed.is_empty() {
            self.start(permitted, postponed, now).await?;
        }
        Ok(pause)
    }

    /// Divides due jobs into those to start and those to postpone until their circuit half-opens.
    fn select(&mut self, due: Vec<Job>, now: Time) -> (Vec<Job>, Vec<(Job, Time)>) {
        // At most one job per ordering key is due. Of those without a key, one is postponed for all
        // of the same target.
        let (mut permitted, mut postponed) = (Vec::new(), BTreeMap::new());
        for job in due {
            // A job without a handler belongs to another version of this program and waits for it.
            let Some(policy) = self.handlers.get(job.kind.as_str()).map(|handler| handler.policy())
            else {
                continue;
            };
            if !self.limiter.has_slot(&job, &policy) {
                continue;
            }
            match self.circuits.request(&job.target(), now) {
                Permit::Granted => {
                    self.limiter.start(&job);
                    permitted.push(job);
                }
                Permit::NotBefore(until) => {
                    drop(postponed.insert((job.target(), job.ordering_key.clone()), (job, until)))
                }
                Permit::ProbeRunning => {}
            }
        }
        (permitted, postponed.into_values().collect())
    }

    async fn start(
        &mut self,
        permitted: Vec<Job>,
        postponed: Vec<(Job, Time)>,
        now: Time,
    ) -> Result<(), db::Error> {
        let ids = permitted.iter().map(|job| job.id).collect::<Vec<_>>();
        let leased = self.app.db.write(move |tx| {
            for (job, until) in &postponed {
                store::postpone(tx, job, *until)?;
            }
            ids.into_iter()
                .map(|id| store::lease(tx, id, now))
                .collect::<Result<Vec<_>, db::Error>>()
        });
        let leased = match leased.await {
            Ok(leased) => leased,
            Err(error) => {
                permitted.iter().for_each(|job| self.return_permit(job));
                return Err(error);
            }
        };
        for (job, leased) in permitted.into_iter().zip(leased) {
            match self.handlers.get(job.kind.as_str()) {
                Some(handler) if leased => drop(self.running.spawn(attempt(
                    self.app.clone(),
                    handler.clone(),
                    job,
                    self.reports.clone(),
                ))),
                _ => self.return_permit(&job),
            }
        }
        Ok(())
    }

    fn return_permit(&mut self, job: &Job) {
        self.limiter.finish(job);
        self.circuits.unknown(&job.target(), self.app.clock.now());
    }

    fn handle_report(&mut self, report: &Report) {
        self.limiter.finish(&report.job);
        let (target, now) = (report.job.target(), self.app.clock.now());
        self.limiter.record(&target, report.health, report.took);
        match report.health {
            Health::Healthy => self.circuits.succeeded(&target),
            Health::Failing => self.circuits.failed(&target, now),
            Health::Unknown => self.circuits.unknown(&target, now),
        }
        let jobs = self.app.state::<Jobs>();
        if let Some(transition) = report.transition {
            jobs.count(transition);
        }
        *jobs.open_circuits.lock() = self.circuits.open();
    }

    /// Gives running jobs `limit` to finish and releases those that do not.
    async fn shut_down(mut self, mut reports: mpsc::Receiver<Report>, limit: Duration) {
        drop(self.reports);
        // The channel of reports is bounded; it must be emptied for the attempts to end.
        let all = async {
            while reports.recv().await.is_some() {}
            while self.running.join_next().await.is_some() {}
        };
        let in_time = tokio::time::timeout(limit, all).await.is_ok();
        self.running.shutdown().await;
        if !in_time && let Err(error) = self.app.db.write(|tx| store::release_all(tx)).await {
            tracing::warn!(error = %chain(&error), "failed to release running jobs; the next start recovers them");
        }
    }
}

/// The time until the first of `times`, or the longest interval.
fn poll_interval(now: Time, times: impl Iterator<Item = Time>) -> Duration {
    let until = |time: Time| {
        Duration::try_from(time.timestamp().duration_since(now.timestamp())).unwrap_or_default()
    };
    times.map(until).fold(MAX_POLL_INTERVAL, Duration::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_poll_is_at_the_earliest_time_within_the_longest_interval() {
        let at = |second| Time::from(jiff::Timestamp::from_second(second).expect("in range"));
        let seconds = |times: &[i64]| {
            poll_interval(at(100), times.iter().map(|second| at(*second))).as_secs()
        };
        assert_eq!(seconds(&[145, 130, 300]), 30);
        assert_eq!(seconds(&[300]), MAX_POLL_INTERVAL.as_secs());
        assert_eq!(seconds(&[]), MAX_POLL_INTERVAL.as_secs());
        assert_eq!(seconds(&[99]), 0);
    }
}

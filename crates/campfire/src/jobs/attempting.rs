//! One attempt at a job: its time limit, what it says about the destination, and the storing of its
//! end.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use tokio::sync::mpsc;

use super::store::{self, Settled};
use super::{Ended, Handler, Job, MAX_INTERRUPTIONS, Policy, Verdict};
use crate::core::app::App;
use crate::http::problem::chain;

/// The pause after the database did not answer; when it goes on not answering, each further one is
/// twice as long.
pub(super) const AFTER_TROUBLE: Duration = Duration::from_secs(1);
/// The longest of them.
const LONGEST_AFTER_TROUBLE: Duration = Duration::from_secs(30);
/// The pause of a job after its first interruption; each further one is three times as long.
const AFTER_INTERRUPTION: Duration = Duration::from_secs(5);
/// The longest of them. All that a job may have take half an hour.
const LONGEST_AFTER_INTERRUPTION: Duration = Duration::from_secs(300);

/// What the desk learns of an attempt.
pub(super) struct End {
    pub(super) job: Job,
    pub(super) health: Health,
    pub(super) took: Duration,
    pub(super) settled: Option<Settled>,
}

/// What an attempt says about its destination.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Health {
    Answers,
    Fails,
    Unknown,
}

/// Runs one attempt within its time, stores how it ended, and tells the desk.
pub(super) async fn attempt(
    app: App,
    handler: Arc<dyn Handler>,
    job: Job,
    ends: mpsc::Sender<End>,
) {
    let policy = handler.policy();
    let began = Instant::now();
    let run = AssertUnwindSafe(handler.attempt(app.clone(), job.clone())).catch_unwind();
    let (ended, health) = match tokio::time::timeout(policy.time_limit, run).await {
        Ok(Ok(ended)) => {
            let health = match ended.verdict {
                Verdict::Retry(_) | Verdict::Later(..) => Health::Fails,
                Verdict::OwnTrouble(_) => Health::Unknown,
                Verdict::Done | Verdict::GiveUp(_) if !ended.asked => Health::Unknown,
                Verdict::Done | Verdict::GiveUp(_) => Health::Answers,
            };
            (ended, health)
        }
        Ok(Err(_)) => {
            tracing::error!(kind = job.kind, job = job.id, "a job's handler panicked");
            (
                Ended::plain(Verdict::Retry(
                    "an unexpected error of ours; the log says more".into(),
                )),
                Health::Unknown,
            )
        }
        Err(_) => {
            let reason = format!("not finished within {} seconds", policy.time_limit.as_secs());
            (Ended::plain(Verdict::Retry(reason)), Health::Fails)
        }
    };
    let took = began.elapsed();
    let settled = settle(&app, &job, &policy, ended).await;
    // The desk is gone only when the server stops.
    drop(ends.send(End { job, health, took, settled }).await);
}

async fn settle(app: &App, job: &Job, policy: &Policy, ended: Ended) -> Option<Settled> {
    match &ended.verdict {
        Verdict::Retry(reason) | Verdict::Later(reason, _) | Verdict::GiveUp(reason) => {
            tracing::info!(
                kind = job.kind,
                job = job.id,
                attempt = job.attempts + 1,
                reason,
                "a job's attempt failed"
            );
        }
        Verdict::OwnTrouble(reason) => {
            tracing::warn!(
                kind = job.kind,
                job = job.id,
                reason,
                "trouble of our own interrupted a job; its receiver is not to blame"
            );
        }
        Verdict::Done => {}
    }
    match store_end(app, job, policy, ended).await {
        Ok(settled) => settled,
        Err(error) => {
            tracing::error!(error = %chain(&error), kind = job.kind, job = job.id, "the end of a job could not be stored; it is repeated");
            put_back(app, job, policy, &error).await
        }
    }
}

/// Stores how an attempt ended, with what belongs to it.
async fn store_end(
    app: &App,
    job: &Job,
    policy: &Policy,
    ended: Ended,
) -> Result<Option<Settled>, db::Error> {
    let now = app.clock.now();
    let again = next_try(job, policy, &ended.verdict).map(|pause| now.plus(pause));
    let (of, stored) = (app.clone(), job.clone());
    let write = app.db.write(move |tx| {
        let settled = store::settle(tx, &stored, &ended.verdict, again, now)?;
        // Of a job that was dropped meanwhile nothing is left to do.
        if let (Some(_), Some(effect)) = (settled, ended.effect) {
            effect(&of, tx)?;
        }
        Ok::<_, db::Error>(settled)
    });
    write.await
}

/// The attempt is as if it had not been, but for a pause: what cannot be stored must not call its
/// receiver on and on. Tries until the database takes it, and keeps the job's place meanwhile; if
/// the server stops first, the next start does it.
async fn put_back(app: &App, job: &Job, policy: &Policy, trouble: &db::Error) -> Option<Settled> {
    let mut pause = AFTER_TROUBLE;
    loop {
        match store_end(app, job, policy, Ended::interrupted(trouble)).await {
            Ok(settled) => return settled,
            Err(error) => {
                tracing::debug!(error = %chain(&error), job = job.id, "a job could not be put back; it is tried again")
            }
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_AFTER_TROUBLE);
    }
}

/// How long a job that is not done waits for its next try; `None` if this was its last.
fn next_try(job: &Job, policy: &Policy, verdict: &Verdict) -> Option<Duration> {
    if let Verdict::OwnTrouble(_) = verdict {
        let growing = pause(AFTER_INTERRUPTION, job.interruptions, rand::random());
        return (job.interruptions < MAX_INTERRUPTIONS)
            .then_some(growing.min(LONGEST_AFTER_INTERRUPTION));
    }
    let growing = pause(policy.first_pause, job.attempts, rand::random());
    (job.attempts + 1 < policy.attempts).then_some(growing.max(asked_for(verdict)))
}

/// The pause that the destination asked for.
fn asked_for(verdict: &Verdict) -> Duration {
    if let Verdict::Later(_, pause) = verdict { *pause } else { Duration::ZERO }
}

/// The pause after so many earlier failures: three times as long each time, give or take a quarter,
/// so that what failed together does not come back together.
fn pause(first: Duration, failures: u32, luck: f64) -> Duration {
    first
        * 3u32.saturating_pow(failures.min(8))
        * u32::from((75.0 + 50.0 * luck).clamp(75.0, 125.0) as u8)
        / 100
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

    #[test]
    fn interruptions_are_repeated_less_and_less_often_and_not_for_ever() {
        let policy = Policy {
            concurrency: 1,
            per_destination: 1,
            attempts: 1,
            first_pause: Duration::from_secs(3600),
            time_limit: Duration::ZERO,
        };
        let trouble = Verdict::OwnTrouble("the disk is full".into());
        let after = |interruptions| {
            let job = Job {
                id: 1,
                key: String::new(),
                kind: "errand".into(),
                lane: None,
                destination: "a".into(),
                payload: String::new(),
                attempts: 0,
                interruptions,
            };
            (
                next_try(&job, &policy, &trouble),
                next_try(&job, &policy, &Verdict::Retry("503".into())),
            )
        };
        let pauses = (0..MAX_INTERRUPTIONS)
            .map(|times| after(times).0.expect("another try"))
            .collect::<Vec<_>>();
        assert!(
            pauses[0] >= Duration::from_secs(3)
                && pauses.iter().all(|pause| *pause <= LONGEST_AFTER_INTERRUPTION),
            "{pauses:?}"
        );
        assert!(pauses.iter().sum::<Duration>() > Duration::from_secs(20 * 60), "{pauses:?}");
        assert_eq!(after(MAX_INTERRUPTIONS), (None, None));
    }
}

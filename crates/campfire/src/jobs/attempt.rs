//! One attempt at a job: its time limit, the health of the destination, and the write that
//! stores its outcome.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use tokio::sync::mpsc;

use super::store::{self, Transition};
use super::{Handler, Job, MAX_INTERRUPTIONS, Outcome, Policy, Verdict};
use crate::core::app::App;
use crate::http::problem::chain;

/// The backoff after a database error; it doubles up to [`MAX_DATABASE_BACKOFF`].
pub(super) const DATABASE_BACKOFF: Duration = Duration::from_secs(1);
const MAX_DATABASE_BACKOFF: Duration = Duration::from_secs(30);
/// The backoff after an interruption; it triples up to [`MAX_INTERRUPTION_BACKOFF`]. All
/// interruptions of a job together take half an hour.
const INTERRUPTION_BACKOFF: Duration = Duration::from_secs(5);
const MAX_INTERRUPTION_BACKOFF: Duration = Duration::from_secs(300);

/// What the dispatcher learns from an attempt.
pub(super) struct Report {
    pub(super) job: Job,
    pub(super) health: Health,
    pub(super) took: Duration,
    /// `None` if an operator deleted the job while it ran.
    pub(super) transition: Option<Transition>,
}

/// The health of a destination, judged by one attempt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Health {
    Healthy,
    Failing,
    Unknown,
}

/// Runs one attempt within the time limit, stores the outcome, and reports to the dispatcher.
pub(super) async fn attempt(
    app: App,
    handler: Arc<dyn Handler>,
    job: Job,
    reports: mpsc::Sender<Report>,
) {
    let policy = handler.policy();
    let began = Instant::now();
    let run = AssertUnwindSafe(handler.attempt(app.clone(), job.clone())).catch_unwind();
    let (outcome, health) = match tokio::time::timeout(policy.timeout, run).await {
        Ok(Ok(outcome)) => {
            let health = match outcome.verdict {
                Verdict::Retry(_) | Verdict::RetryAfter(..) => Health::Failing,
                Verdict::Interrupted(_) => Health::Unknown,
                Verdict::Done | Verdict::GiveUp(_) if !outcome.request_sent => Health::Unknown,
                Verdict::Done | Verdict::GiveUp(_) => Health::Healthy,
            };
            (outcome, health)
        }
        Ok(Err(_)) => {
            tracing::error!(kind = job.kind, job = job.id, "a job handler panicked");
            let reason = "internal error; see the server log".into();
            (Outcome::new(Verdict::Retry(reason)), Health::Unknown)
        }
        Err(_) => {
            let reason = format!("not finished within {} seconds", policy.timeout.as_secs());
            (Outcome::new(Verdict::Retry(reason)), Health::Failing)
        }
    };
    let took = began.elapsed();
    let transition = finish(&app, &job, &policy, outcome).await;
    // The dispatcher is gone only during a shutdown.
    drop(reports.send(Report { job, health, took, transition }).await);
}

/// Logs and stores the outcome of an attempt.
async fn finish(app: &App, job: &Job, policy: &Policy, outcome: Outcome) -> Option<Transition> {
    let (kind, id, attempt) = (&job.kind, job.id, job.attempts + 1);
    match &outcome.verdict {
        Verdict::Retry(reason) | Verdict::RetryAfter(reason, _) | Verdict::GiveUp(reason) => {
            tracing::info!(kind, job = id, attempt, reason, "job attempt failed");
        }
        Verdict::Interrupted(reason) => {
            tracing::warn!(
                kind,
                job = id,
                reason,
                "job interrupted by an internal error; retrying"
            );
        }
        Verdict::Done => {}
    }
    match store_outcome(app, job, policy, outcome).await {
        Ok(transition) => transition,
        Err(error) => {
            tracing::error!(
                error = %chain(&error), kind, job = id,
                "failed to store the outcome of a job; the job will run again"
            );
            store_interruption(app, job, policy, &error).await
        }
    }
}

/// Stores the outcome of an attempt together with its effect.
async fn store_outcome(
    app: &App,
    job: &Job,
    policy: &Policy,
    outcome: Outcome,
) -> Result<Option<Transition>, db::Error> {
    let now = app.clock.now();
    let run_at = backoff(job, policy, &outcome.verdict).map(|pause| now.plus(pause));
    let (effect_app, job) = (app.clone(), job.clone());
    let write = app.db.write(move |tx| {
        let transition = store::record_outcome(tx, &job, &outcome.verdict, run_at, now)?;
        // Without the job, which an operator deleted, its effect is not wanted either.
        if let (Some(_), Some(effect)) = (transition, outcome.effect) {
            effect(&effect_app, tx)?;
        }
        Ok::<_, db::Error>(transition)
    });
    write.await
}

/// Stores an interruption instead of an outcome that could not be stored, so that the backoff
/// protects the receiver from endless repeats. Retries until the database accepts it, and keeps the
/// job's permit meanwhile; after a shutdown, the next start recovers the job.
async fn store_interruption(
    app: &App,
    job: &Job,
    policy: &Policy,
    cause: &db::Error,
) -> Option<Transition> {
    let mut pause = DATABASE_BACKOFF;
    loop {
        match store_outcome(app, job, policy, Outcome::interrupted(cause)).await {
            Ok(transition) => return transition,
            Err(error) => {
                tracing::debug!(error = %chain(&error), job = job.id, "failed to store a job's interruption; retrying")
            }
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(MAX_DATABASE_BACKOFF);
    }
}

/// How long an unfinished job waits for its next attempt; `None` if this was its last.
fn backoff(job: &Job, policy: &Policy, verdict: &Verdict) -> Option<Duration> {
    if let Verdict::Interrupted(_) = verdict {
        let pause = exponential(INTERRUPTION_BACKOFF, job.interruptions, rand::random());
        return (job.interruptions < MAX_INTERRUPTIONS)
            .then_some(pause.min(MAX_INTERRUPTION_BACKOFF));
    }
    let requested = match verdict {
        Verdict::RetryAfter(_, pause) => *pause,
        _ => Duration::ZERO,
    };
    let pause = exponential(policy.first_backoff, job.attempts, rand::random());
    (job.attempts + 1 < policy.max_attempts).then_some(pause.max(requested))
}

/// Triples with every failure. The jitter of a quarter keeps jobs that failed together from coming
/// back together; `random` is in 0..=1.
fn exponential(first: Duration, failures: u32, random: f64) -> Duration {
    first
        * 3u32.saturating_pow(failures.min(8))
        * u32::from((75.0 + 50.0 * random).clamp(75.0, 125.0) as u8)
        / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_grows_with_jitter() {
        let first = Duration::from_secs(15);
        assert_eq!(exponential(first, 0, 0.5), first);
        assert_eq!(exponential(first, 2, 0.5), first * 9);
        assert_eq!(exponential(first, 0, 0.0), first * 3 / 4);
        assert_eq!(exponential(first, 0, 1.0), first * 5 / 4);
        assert!(exponential(first, u32::MAX, 1.0) < Duration::from_secs(3 * 24 * 60 * 60));
    }

    #[test]
    fn interruptions_back_off_and_are_limited() {
        let policy = Policy {
            concurrency: 1,
            per_destination: 1,
            max_attempts: 1,
            first_backoff: Duration::from_secs(3600),
            timeout: Duration::ZERO,
        };
        let interrupted = Verdict::Interrupted("the disk is full".into());
        let after = |interruptions| {
            let job = Job {
                id: 1,
                key: String::new(),
                kind: "errand".into(),
                ordering_key: None,
                destination: "a".into(),
                payload: String::new(),
                attempts: 0,
                interruptions,
            };
            (
                backoff(&job, &policy, &interrupted),
                backoff(&job, &policy, &Verdict::Retry("503".into())),
            )
        };
        let pauses = (0..MAX_INTERRUPTIONS)
            .map(|times| after(times).0.expect("another attempt"))
            .collect::<Vec<_>>();
        assert!(
            pauses[0] >= Duration::from_secs(3)
                && pauses.iter().all(|pause| *pause <= MAX_INTERRUPTION_BACKOFF),
            "{pauses:?}"
        );
        assert!(pauses.iter().sum::<Duration>() > Duration::from_secs(20 * 60), "{pauses:?}");
        assert_eq!(after(MAX_INTERRUPTIONS), (None, None));
    }
}

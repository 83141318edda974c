//! SQL about jobs.

use std::sync::Arc;

use db::Reader;
use rusqlite::{Connection, named_params};

use super::{Job, JobEnqueued, Jobs, MAX_INTERRUPTIONS, NewJob, Verdict};
use crate::core::app::{App, Tx};
use crate::core::clock::Time;

/// Days for which dead jobs are kept for operators to see and retry.
const DEAD_DAYS: i64 = 30;
/// Dead jobs kept; the oldest are deleted first.
const MAX_DEAD: i64 = 10_000;
/// A dead job with an id divisible by this triggers the deletion of old ones, which needs no
/// counter.
const DELETE_EVERY: i64 = 100;

/// Jobs postponed in one transaction, so that messages do not wait long for the writer. The next
/// poll finds the rest.
const POSTPONE_BATCH: i64 = 2_000;

/// Characters of a failure reason that are stored.
const MAX_FAILURE: usize = 500;

/// Stores a job, which runs after the commit; returns its key.
pub fn enqueue(app: &App, tx: &mut Tx<'_>, job: &NewJob, now: Time) -> Result<String, db::Error> {
    let key = uuid::Uuid::new_v4().to_string();
    let full = app.state::<Jobs>().is_full();
    if full {
        tracing::error!(kind = job.kind, "the job queue is full; storing a job as dead");
    }
    tx.prepare_cached(
        "INSERT INTO campfire_jobs (key, kind, lane, destination, payload, state, failure, run_at, created_at, updated_at)
         VALUES (:key, :kind, :lane, :destination, :payload, :state, :failure, :now, :now, :now)",
    )?
    .execute(named_params! {
        ":key": key,
        ":kind": job.kind,
        ":lane": job.ordering_key,
        ":destination": job.destination,
        ":payload": job.payload,
        ":state": if full { "dead" } else { "waiting" },
        ":failure": full.then_some("the job queue was full"),
        ":now": now.to_rails(),
    })?;
    if !full {
        tx.publish(Arc::new(JobEnqueued));
    }
    Ok(key)
}

/// Releases the jobs that the last process was running when it ended; one that was interrupted too
/// often is given up. Deletes old rows. Returns the number of unfinished jobs.
pub fn recover(tx: &Tx<'_>, now: Time) -> Result<usize, db::Error> {
    let now_text = now.to_rails();
    tx.execute(
        "UPDATE campfire_jobs SET state = 'dead', failure = 'interrupted too often, most recently by a shutdown or crash of the server', updated_at = :now
         WHERE state = 'leased' AND interruptions >= :most",
        named_params! { ":now": now_text, ":most": MAX_INTERRUPTIONS },
    )?;
    tx.execute(
        "UPDATE campfire_jobs SET state = 'waiting', interruptions = interruptions + 1, updated_at = :now WHERE state = 'leased'",
        named_params! { ":now": now_text },
    )?;
    delete_old(tx, now)?;
    unfinished(tx)
}

/// Deletes dead jobs that are too old or too many.
fn delete_old(conn: &Connection, now: Time) -> Result<(), db::Error> {
    let old = now.plus_seconds(-DEAD_DAYS * 24 * 60 * 60).to_rails();
    conn.prepare_cached("DELETE FROM campfire_jobs WHERE state = 'dead' AND updated_at < :old")?
        .execute(named_params! { ":old": old })?;
    conn.prepare_cached(
        "DELETE FROM campfire_jobs WHERE state = 'dead' AND id <=
           (SELECT id FROM campfire_jobs WHERE state = 'dead' ORDER BY id DESC LIMIT 1 OFFSET :most)",
    )?
    .execute(named_params! { ":most": MAX_DEAD })?;
    Ok(())
}

/// `heads`: the first unfinished job of each ordering key, the only one that may run. Skips from key
/// to key in the index, because many jobs may wait behind each head.
macro_rules! with_heads {
    ($select:literal) => {
        concat!(
            "WITH RECURSIVE keys (lane) AS (
               SELECT min(lane) FROM campfire_jobs WHERE lane > '' AND state <> 'dead'
               UNION ALL
               SELECT (SELECT min(j.lane) FROM campfire_jobs j WHERE j.lane > keys.lane AND j.state <> 'dead') FROM keys WHERE lane IS NOT NULL),
             heads (id) AS (
               SELECT (SELECT min(j.id) FROM campfire_jobs j WHERE j.lane = keys.lane AND j.state <> 'dead') FROM keys WHERE lane IS NOT NULL) ",
            $select
        )
    };
}

/// The jobs that are due: the earliest of each kind and destination, and only the first of each
/// ordering key. Ordered by rank within their target, so that many jobs to one destination do not
/// hide those to another.
pub fn due(
    reader: &Reader<'_>,
    now: Time,
    per_destination: usize,
    limit: usize,
) -> Result<Vec<Job>, db::Error> {
    let mut statement = reader.prepare_cached(with_heads!(
        "SELECT w.id, w.key, w.kind, w.lane, w.destination, w.payload, w.attempts, w.interruptions FROM (
           SELECT j.id, row_number() OVER (PARTITION BY j.kind, j.destination ORDER BY j.id) AS rank FROM (
             SELECT id FROM heads
             UNION ALL SELECT id FROM campfire_jobs WHERE lane IS NULL AND state = 'waiting' AND run_at <= :now) due
           JOIN campfire_jobs j ON j.id = due.id WHERE j.state = 'waiting' AND j.run_at <= :now
         ) t JOIN campfire_jobs w ON w.id = t.id WHERE t.rank <= :per_destination ORDER BY t.rank, t.id LIMIT :limit"
    ))?;
    let params = named_params! { ":now": now.to_rails(), ":per_destination": bound(per_destination), ":limit": bound(limit) };
    let jobs = statement.query_map(params, |row| {
        Ok(Job {
            id: row.get(0)?,
            key: row.get(1)?,
            kind: row.get(2)?,
            ordering_key: row.get(3)?,
            destination: row.get(4)?,
            payload: row.get(5)?,
            attempts: row.get(6)?,
            interruptions: row.get(7)?,
        })
    })?;
    Ok(jobs.collect::<Result<_, _>>()?)
}

/// When the next job that is not due yet is due.
pub fn next_run_at(reader: &Reader<'_>, now: Time) -> Result<Option<Time>, db::Error> {
    let at: Option<String> = reader
        .prepare_cached(with_heads!(
            "SELECT min(at) FROM (
               SELECT min(run_at) AS at FROM campfire_jobs WHERE lane IS NULL AND state = 'waiting' AND run_at > :now
               UNION ALL
               SELECT min(j.run_at) FROM heads JOIN campfire_jobs j ON j.id = heads.id WHERE j.state = 'waiting' AND j.run_at > :now)"
        ))?
        .query_row(named_params! { ":now": now.to_rails() }, |row| row.get(0))?;
    Ok(at.as_deref().and_then(Time::from_rails))
}

/// Marks a job as running; `false` if it is no longer waiting.
pub fn lease(tx: &Tx<'_>, id: i64, now: Time) -> Result<bool, db::Error> {
    let changed = tx
        .prepare_cached("UPDATE campfire_jobs SET state = 'leased', updated_at = :now WHERE id = :id AND state = 'waiting'")?
        .execute(named_params! { ":id": id, ":now": now.to_rails() })?;
    Ok(changed == 1)
}

/// Postpones a job whose circuit is open and, if it has no ordering key, the others of its target
/// without one. Does not count as an attempt. Jobs behind it with the same ordering key wait anyway.
pub fn postpone(tx: &Tx<'_>, job: &Job, until: Time) -> Result<(), db::Error> {
    let until = until.to_rails();
    tx.prepare_cached("UPDATE campfire_jobs SET run_at = :until WHERE id = :id AND state = 'waiting' AND run_at < :until")?
        .execute(named_params! { ":id": job.id, ":until": until })?;
    if job.ordering_key.is_none() {
        tx.prepare_cached(
            "UPDATE campfire_jobs SET run_at = :until WHERE id IN (
               SELECT id FROM campfire_jobs
               WHERE destination = :destination AND kind = :kind AND lane IS NULL AND state = 'waiting' AND run_at < :until LIMIT :most)",
        )?
        .execute(named_params! { ":destination": job.destination, ":kind": job.kind, ":until": until, ":most": POSTPONE_BATCH })?;
    }
    Ok(())
}

/// Marks all running jobs as waiting.
pub fn release_all(tx: &Tx<'_>) -> Result<(), db::Error> {
    tx.execute("UPDATE campfire_jobs SET state = 'waiting' WHERE state = 'leased'", [])?;
    Ok(())
}

/// What an attempt changed about its job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transition {
    /// Deleted.
    Done,
    /// Waiting after a failure.
    Retry,
    /// Waiting after an interruption.
    Interrupted,
    /// Given up, and kept for operators.
    Dead,
}

/// Stores the outcome of an attempt; `run_at` is the time of the next one, if there is one. Returns
/// `None` if an operator deleted the job meanwhile.
pub fn record_outcome(
    tx: &Tx<'_>,
    job: &Job,
    verdict: &Verdict,
    run_at: Option<Time>,
    now: Time,
) -> Result<Option<Transition>, db::Error> {
    let (transition, reason) = match (verdict, run_at) {
        (Verdict::Done, _) => {
            let gone = tx
                .prepare_cached("DELETE FROM campfire_jobs WHERE id = :id")?
                .execute(named_params! { ":id": job.id })?;
            return Ok((gone == 1).then_some(Transition::Done));
        }
        (Verdict::Retry(reason) | Verdict::RetryAfter(reason, _), Some(_)) => {
            (Transition::Retry, reason)
        }
        (Verdict::Interrupted(reason), Some(_)) => (Transition::Interrupted, reason),
        (
            Verdict::Retry(reason)
            | Verdict::RetryAfter(reason, _)
            | Verdict::Interrupted(reason)
            | Verdict::GiveUp(reason),
            _,
        ) => (Transition::Dead, reason),
    };
    let is_interruption = matches!(verdict, Verdict::Interrupted(_));
    let changed = tx
        .prepare_cached(
            "UPDATE campfire_jobs SET state = :state, attempts = attempts + :attempts, interruptions = interruptions + :interruptions,
                    run_at = :run_at, failure = :failure, updated_at = :now
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": job.id,
            ":state": if transition == Transition::Dead { "dead" } else { "waiting" },
            ":attempts": !is_interruption,
            ":interruptions": is_interruption,
            ":run_at": run_at.unwrap_or(now).to_rails(),
            ":failure": reason.chars().take(MAX_FAILURE).collect::<String>(),
            ":now": now.to_rails(),
        })?;
    if transition == Transition::Dead && job.id % DELETE_EVERY == 0 {
        delete_old(tx, now)?;
    }
    Ok((changed == 1).then_some(transition))
}

/// A job as operators see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedJob {
    pub id: i64,
    pub kind: String,
    pub destination: String,
    /// `waiting`, `leased` or `dead`.
    pub state: String,
    /// Failed attempts.
    pub attempts: u32,
    pub run_at: String,
    /// Why the last attempt failed.
    pub failure: Option<String>,
}

/// The oldest jobs, of all states or one.
pub fn list(
    conn: &Connection,
    state: Option<&str>,
    limit: usize,
) -> Result<Vec<ListedJob>, db::Error> {
    let mut statement = conn.prepare(
        "SELECT id, kind, destination, state, attempts, run_at, failure FROM campfire_jobs
         WHERE :state IS NULL OR state = :state ORDER BY id LIMIT :limit",
    )?;
    let rows =
        statement.query_map(named_params! { ":state": state, ":limit": bound(limit) }, |row| {
            Ok(ListedJob {
                id: row.get(0)?,
                kind: row.get(1)?,
                destination: row.get(2)?,
                state: row.get(3)?,
                attempts: row.get(4)?,
                run_at: row.get(5)?,
                failure: row.get(6)?,
            })
        })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Retries one dead job or all; returns how many.
pub fn retry(conn: &Connection, id: Option<i64>, now: Time) -> Result<usize, db::Error> {
    let retried = conn.execute(
        "UPDATE campfire_jobs SET state = 'waiting', attempts = 0, interruptions = 0, run_at = :now, updated_at = :now
         WHERE state = 'dead' AND (:id IS NULL OR id = :id)",
        named_params! { ":id": id, ":now": now.to_rails() },
    )?;
    Ok(retried)
}

/// Deletes a dead job that another one replaces.
pub fn delete_dead(tx: &Tx<'_>, key: &str) -> Result<(), db::Error> {
    tx.prepare_cached("DELETE FROM campfire_jobs WHERE key = :key AND state = 'dead'")?
        .execute(named_params! { ":key": key })?;
    Ok(())
}

/// Moves the unfinished jobs of an ordering key to another destination and makes them due, because
/// the backoff was for the old one. A running job goes there at its next attempt.
pub fn change_destination(
    tx: &Tx<'_>,
    ordering_key: &str,
    destination: &str,
    now: Time,
) -> Result<(), db::Error> {
    tx.prepare_cached(
        "UPDATE campfire_jobs SET destination = :destination, run_at = min(run_at, :now)
         WHERE lane = :lane AND state <> 'dead' AND destination <> :destination",
    )?
    .execute(
        named_params! { ":lane": ordering_key, ":destination": destination, ":now": now.to_rails() },
    )?;
    Ok(())
}

/// Whether at least `count` jobs of an ordering key are unfinished. Reads no more than `count` rows.
pub fn has_at_least(conn: &Connection, ordering_key: &str, count: i64) -> Result<bool, db::Error> {
    let found = conn
        .prepare_cached("SELECT 1 FROM campfire_jobs WHERE lane = :lane AND state <> 'dead' LIMIT 1 OFFSET :before")?
        .exists(named_params! { ":lane": ordering_key, ":before": count - 1 })?;
    Ok(found)
}

/// Deletes one job in any state, or all dead ones; returns how many.
pub fn discard(conn: &Connection, id: Option<i64>) -> Result<usize, db::Error> {
    let discarded = conn.execute(
        "DELETE FROM campfire_jobs WHERE id = :id OR (:id IS NULL AND state = 'dead')",
        named_params! { ":id": id },
    )?;
    Ok(discarded)
}

/// How many jobs wait or run.
pub fn unfinished(conn: &Connection) -> Result<usize, db::Error> {
    Ok(conn
        .prepare_cached("SELECT count(*) FROM campfire_jobs WHERE state <> 'dead'")?
        .query_row([], |row| row.get(0))?)
}

/// How many jobs there are of each kind in each state.
pub fn count_by_state(conn: &Connection) -> Result<Vec<(String, String, usize)>, db::Error> {
    let mut statement = conn.prepare_cached(
        "SELECT kind, state, count(*) FROM campfire_jobs GROUP BY kind, state ORDER BY kind, state",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn bound(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

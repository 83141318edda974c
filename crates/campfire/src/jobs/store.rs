//! SQL about jobs.

use std::sync::Arc;

use db::Reader;
use rusqlite::{Connection, named_params};

use super::{Enqueued, Job, Jobs, MAX_INTERRUPTIONS, NewJob, Verdict};
use crate::core::app::{App, Tx};
use crate::core::clock::Time;

/// Days for which what was given up can be looked at and repeated.
const KEEP_DAYS: i64 = 30;

/// Jobs that were given up and are kept; the oldest go first.
const KEPT_DEAD: i64 = 10_000;

/// Every so many that are given up, old ones are forgotten: by number, so that nothing needs to be
/// counted.
const FORGET_EVERY: i64 = 100;

/// Jobs put off in one transaction: nobody's message waits long for it. The next look finds the
/// rest.
const PUT_OFF_AT_ONCE: i64 = 2_000;

/// Characters of a failure's description that are kept.
const MAX_FAILURE: usize = 500;

/// Stores a job; it is done after the commit, and not at all without it. Gives its key.
pub fn enqueue(app: &App, tx: &mut Tx<'_>, job: &NewJob, now: Time) -> Result<String, db::Error> {
    let key = uuid::Uuid::new_v4().to_string();
    let full = app.state::<Jobs>().is_full();
    if full {
        tracing::error!(kind = job.kind, "too many jobs are waiting; one is stored as given up");
    }
    tx.prepare_cached(
        "INSERT INTO campfire_jobs (key, kind, lane, destination, payload, state, failure, run_at, created_at, updated_at)
         VALUES (:key, :kind, :lane, :destination, :payload, :state, :failure, :now, :now, :now)",
    )?
    .execute(named_params! {
        ":key": key,
        ":kind": job.kind,
        ":lane": job.lane,
        ":destination": job.destination,
        ":payload": job.payload,
        ":state": if full { "dead" } else { "waiting" },
        ":failure": full.then_some("too many jobs were waiting"),
        ":now": now.to_rails(),
    })?;
    if !full {
        tx.publish(Arc::new(Enqueued));
    }
    Ok(key)
}

/// What the last process was doing when it ended waits again; a job that was running at too many
/// ends is given up. Old rows go. Gives the number of unfinished jobs.
pub fn recover(tx: &Tx<'_>, now: Time) -> Result<usize, db::Error> {
    let now_text = now.to_rails();
    tx.execute(
        "UPDATE campfire_jobs SET state = 'dead', failure = 'it was interrupted too often, at last by the end of the server', updated_at = :now
         WHERE state = 'leased' AND interruptions >= :most",
        named_params! { ":now": now_text, ":most": MAX_INTERRUPTIONS },
    )?;
    tx.execute(
        "UPDATE campfire_jobs SET state = 'waiting', interruptions = interruptions + 1, updated_at = :now WHERE state = 'leased'",
        named_params! { ":now": now_text },
    )?;
    forget_old(tx, now)?;
    unfinished(tx)
}

/// Forgets what was given up long ago, and the oldest of what is too much.
fn forget_old(conn: &Connection, now: Time) -> Result<(), db::Error> {
    let old = now.plus_seconds(-KEEP_DAYS * 24 * 60 * 60).to_rails();
    conn.prepare_cached("DELETE FROM campfire_jobs WHERE state = 'dead' AND updated_at < :old")?
        .execute(named_params! { ":old": old })?;
    conn.prepare_cached(
        "DELETE FROM campfire_jobs WHERE state = 'dead' AND id <=
           (SELECT id FROM campfire_jobs WHERE state = 'dead' ORDER BY id DESC LIMIT 1 OFFSET :most)",
    )?
    .execute(named_params! { ":most": KEPT_DEAD })?;
    Ok(())
}

/// `heads`, the first job of each lane: the only one that may run. Goes from lane to lane, past
/// whatever waits in them, which may be very much.
macro_rules! with_heads {
    ($select:literal) => {
        concat!(
            "WITH RECURSIVE lanes (lane) AS (
               SELECT min(lane) FROM campfire_jobs WHERE lane > '' AND state <> 'dead'
               UNION ALL
               SELECT (SELECT min(j.lane) FROM campfire_jobs j WHERE j.lane > lanes.lane AND j.state <> 'dead') FROM lanes WHERE lane IS NOT NULL),
             heads (id) AS (
               SELECT (SELECT min(j.id) FROM campfire_jobs j WHERE j.lane = lanes.lane AND j.state <> 'dead') FROM lanes WHERE lane IS NOT NULL) ",
            $select
        )
    };
}

/// The jobs whose turn it is: the earliest of each kind and destination, and of each lane only the
/// first. The first of each come first: much that waits for one destination must not hide what
/// waits for another.
pub fn due(
    reader: &Reader<'_>,
    now: Time,
    per_destination: usize,
    limit: usize,
) -> Result<Vec<Job>, db::Error> {
    let mut statement = reader.prepare_cached(with_heads!(
        "SELECT w.id, w.key, w.kind, w.lane, w.destination, w.payload, w.attempts, w.interruptions FROM (
           SELECT j.id, row_number() OVER (PARTITION BY j.kind, j.destination ORDER BY j.id) AS turn FROM (
             SELECT id FROM heads
             UNION ALL SELECT id FROM campfire_jobs WHERE lane IS NULL AND state = 'waiting' AND run_at <= :now) due
           JOIN campfire_jobs j ON j.id = due.id WHERE j.state = 'waiting' AND j.run_at <= :now
         ) t JOIN campfire_jobs w ON w.id = t.id WHERE t.turn <= :per_destination ORDER BY t.turn, t.id LIMIT :limit"
    ))?;
    let params = named_params! { ":now": now.to_rails(), ":per_destination": bound(per_destination), ":limit": bound(limit) };
    let jobs = statement.query_map(params, |row| {
        Ok(Job {
            id: row.get(0)?,
            key: row.get(1)?,
            kind: row.get(2)?,
            lane: row.get(3)?,
            destination: row.get(4)?,
            payload: row.get(5)?,
            attempts: row.get(6)?,
            interruptions: row.get(7)?,
        })
    })?;
    Ok(jobs.collect::<Result<_, _>>()?)
}

/// When the next job that is not due yet will be.
pub fn next_moment(reader: &Reader<'_>, now: Time) -> Result<Option<Time>, db::Error> {
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

/// Takes a job; `false` if it is not waiting any more.
pub fn lease(tx: &Tx<'_>, id: i64, now: Time) -> Result<bool, db::Error> {
    let changed = tx
        .prepare_cached("UPDATE campfire_jobs SET state = 'leased', updated_at = :now WHERE id = :id AND state = 'waiting'")?
        .execute(named_params! { ":id": id, ":now": now.to_rails() })?;
    Ok(changed == 1)
}

/// Puts a job off whose target has to recover, and what waits for the same without a lane; it costs
/// them no attempt. Behind it in its lane nothing needs to be touched.
pub fn put_off(tx: &Tx<'_>, job: &Job, until: Time) -> Result<(), db::Error> {
    let until = until.to_rails();
    tx.prepare_cached("UPDATE campfire_jobs SET run_at = :until WHERE id = :id AND state = 'waiting' AND run_at < :until")?
        .execute(named_params! { ":id": job.id, ":until": until })?;
    if job.lane.is_none() {
        tx.prepare_cached(
            "UPDATE campfire_jobs SET run_at = :until WHERE id IN (
               SELECT id FROM campfire_jobs
               WHERE destination = :destination AND kind = :kind AND lane IS NULL AND state = 'waiting' AND run_at < :until LIMIT :most)",
        )?
        .execute(named_params! { ":destination": job.destination, ":kind": job.kind, ":until": until, ":most": PUT_OFF_AT_ONCE })?;
    }
    Ok(())
}

/// Gives back everything that was taken.
pub fn release_all(tx: &Tx<'_>) -> Result<(), db::Error> {
    tx.execute("UPDATE campfire_jobs SET state = 'waiting' WHERE state = 'leased'", [])?;
    Ok(())
}

/// What becomes of a job after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// The row is gone.
    Done,
    /// It failed and is tried again.
    Waits,
    /// It was interrupted and is tried again.
    Interrupted,
    /// It stays to be looked at.
    GivenUp,
}

/// Stores the end of an attempt; `again` is when it may be tried anew, `None` if this was the last
/// time. `None`: an operator dropped the job meanwhile.
pub fn settle(
    tx: &Tx<'_>,
    job: &Job,
    verdict: &Verdict,
    again: Option<Time>,
    now: Time,
) -> Result<Option<Settled>, db::Error> {
    let (settled, reason) = match (verdict, again) {
        (Verdict::Done, _) => {
            let gone = tx
                .prepare_cached("DELETE FROM campfire_jobs WHERE id = :id")?
                .execute(named_params! { ":id": job.id })?;
            return Ok((gone == 1).then_some(Settled::Done));
        }
        (Verdict::Retry(reason) | Verdict::Later(reason, _), Some(_)) => (Settled::Waits, reason),
        (Verdict::OwnTrouble(reason), Some(_)) => (Settled::Interrupted, reason),
        (
            Verdict::Retry(reason)
            | Verdict::Later(reason, _)
            | Verdict::OwnTrouble(reason)
            | Verdict::GiveUp(reason),
            _,
        ) => (Settled::GivenUp, reason),
    };
    let is_interruption = matches!(verdict, Verdict::OwnTrouble(_));
    let changed = tx
        .prepare_cached(
            "UPDATE campfire_jobs SET state = :state, attempts = attempts + :attempts, interruptions = interruptions + :interruptions,
                    run_at = :run_at, failure = :failure, updated_at = :now
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": job.id,
            ":state": if settled == Settled::GivenUp { "dead" } else { "waiting" },
            ":attempts": !is_interruption,
            ":interruptions": is_interruption,
            ":run_at": again.unwrap_or(now).to_rails(),
            ":failure": reason.chars().take(MAX_FAILURE).collect::<String>(),
            ":now": now.to_rails(),
        })?;
    if settled == Settled::GivenUp && job.id % FORGET_EVERY == 0 {
        forget_old(tx, now)?;
    }
    Ok((changed == 1).then_some(settled))
}

/// A job as operators see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The row in `campfire_jobs`.
    pub id: i64,
    /// Which handler does it.
    pub kind: String,
    /// Whom it talks to.
    pub destination: String,
    /// `waiting`, `leased` or `dead`.
    pub state: String,
    /// Attempts that failed.
    pub attempts: u32,
    /// When it is its turn.
    pub run_at: String,
    /// Why the last attempt failed.
    pub failure: Option<String>,
}

/// The oldest jobs in this state, or in any.
pub fn list(
    conn: &Connection,
    state: Option<&str>,
    limit: usize,
) -> Result<Vec<Listed>, db::Error> {
    let mut statement = conn.prepare(
        "SELECT id, kind, destination, state, attempts, run_at, failure FROM campfire_jobs
         WHERE :state IS NULL OR state = :state ORDER BY id LIMIT :limit",
    )?;
    let rows =
        statement.query_map(named_params! { ":state": state, ":limit": bound(limit) }, |row| {
            Ok(Listed {
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

/// Lets what was given up be tried again, one job or all; gives how many.
pub fn revive(conn: &Connection, id: Option<i64>, now: Time) -> Result<usize, db::Error> {
    let revived = conn.execute(
        "UPDATE campfire_jobs SET state = 'waiting', attempts = 0, interruptions = 0, run_at = :now, updated_at = :now
         WHERE state = 'dead' AND (:id IS NULL OR id = :id)",
        named_params! { ":id": id, ":now": now.to_rails() },
    )?;
    Ok(revived)
}

/// Forgets a job that was given up, because something else does its work.
pub fn drop_dead(tx: &Tx<'_>, key: &str) -> Result<(), db::Error> {
    tx.prepare_cached("DELETE FROM campfire_jobs WHERE key = :key AND state = 'dead'")?
        .execute(named_params! { ":key": key })?;
    Ok(())
}

/// What is left of a lane goes to another destination, and need not wait for the old one to
/// recover. What is under way goes there at its next try.
pub fn redirect(tx: &Tx<'_>, lane: &str, destination: &str, now: Time) -> Result<(), db::Error> {
    tx.prepare_cached(
        "UPDATE campfire_jobs SET destination = :destination, run_at = min(run_at, :now)
         WHERE lane = :lane AND state <> 'dead' AND destination <> :destination",
    )?
    .execute(
        named_params! { ":lane": lane, ":destination": destination, ":now": now.to_rails() },
    )?;
    Ok(())
}

/// Whether so many jobs of a lane wait or run; counts no further.
pub fn has_at_least(conn: &Connection, lane: &str, count: i64) -> Result<bool, db::Error> {
    let found = conn
        .prepare_cached("SELECT 1 FROM campfire_jobs WHERE lane = :lane AND state <> 'dead' LIMIT 1 OFFSET :before")?
        .exists(named_params! { ":lane": lane, ":before": count - 1 })?;
    Ok(found)
}

/// Drops one job in whatever state, or all that were given up; gives how many.
pub fn discard(conn: &Connection, id: Option<i64>) -> Result<usize, db::Error> {
    let dropped = conn.execute(
        "DELETE FROM campfire_jobs WHERE id = :id OR (:id IS NULL AND state = 'dead')",
        named_params! { ":id": id },
    )?;
    Ok(dropped)
}

/// Jobs that wait or run.
pub fn unfinished(conn: &Connection) -> Result<usize, db::Error> {
    Ok(conn
        .prepare_cached("SELECT count(*) FROM campfire_jobs WHERE state <> 'dead'")?
        .query_row([], |row| row.get(0))?)
}

/// How many jobs of each kind are in each state.
pub fn tally(conn: &Connection) -> Result<Vec<(String, String, usize)>, db::Error> {
    let mut statement = conn.prepare_cached(
        "SELECT kind, state, count(*) FROM campfire_jobs GROUP BY kind, state ORDER BY kind, state",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn bound(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

//! SQL for webhook settings, and for the log of deliveries and their attempts.

use std::collections::HashMap;
use std::sync::Arc;

use db::Reader;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::endpoint_cache::Endpoint;
use super::events::WebhooksChanged;
use super::log::{
    Attempt, Delivery, Entry, KEPT_DAYS, MAX_KEPT, MAX_WAITING, ReplyState, Subject, host,
    ordering_key,
};
use super::{
    Change, DELIVER, DeliveryId, LastDelivery, Settings, State, WebhookError, WebhookUrl,
    new_secret,
};
use crate::core::app::{App, Tx};
use crate::core::clock::Time;
use crate::core::ids::{MessageId, RoomId, UserId};
use crate::jobs::{self, NewJob};

/// A bot's webhook. Campfire stores an empty URL for bots without one.
pub fn settings(conn: &Connection, bot: UserId) -> Result<Settings, db::Error> {
    let url: Option<Option<String>> = conn
        .prepare_cached("SELECT url FROM webhooks WHERE user_id = :bot ORDER BY id LIMIT 1")?
        .query_row(named_params! { ":bot": bot.0 }, |row| row.get(0))
        .optional()?;
    let own: Option<(Option<String>, bool)> = conn
        .prepare_cached(
            "SELECT secret, subscribe_all FROM campfire_webhook_settings WHERE bot_id = :bot",
        )?
        .query_row(named_params! { ":bot": bot.0 }, |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (secret, subscribe_all) = own.unwrap_or_default();
    Ok(Settings { url: url.flatten().filter(|url| !url.trim().is_empty()), secret, subscribe_all })
}

/// Changes a bot's webhook. The first URL creates a secret.
pub fn set(
    tx: &mut Tx<'_>,
    bot: UserId,
    change: &Change,
    now: Time,
) -> Result<Settings, db::Error> {
    if let Some(url) = &change.url {
        set_url(tx, bot, url.as_ref(), now)?;
        // Waiting deliveries go to the new URL now; their backoff was for the old one.
        jobs::store::change_destination(
            tx,
            &ordering_key(bot),
            &url.as_ref().map(|url| host(url.as_str())).unwrap_or_default(),
            now,
        )?;
    }
    let known = settings(tx, bot)?;
    let secret = if change.new_secret || (known.secret.is_none() && known.url.is_some()) {
        Some(new_secret())
    } else {
        known.secret
    };
    let subscribe_all = change.subscribe_all.unwrap_or(known.subscribe_all);
    tx.prepare_cached(
        "INSERT INTO campfire_webhook_settings (bot_id, secret, subscribe_all, updated_at) VALUES (:bot, :secret, :all, :now)
         ON CONFLICT (bot_id) DO UPDATE SET secret = excluded.secret, subscribe_all = excluded.subscribe_all, updated_at = excluded.updated_at",
    )?
    .execute(named_params! { ":bot": bot.0, ":secret": secret, ":all": subscribe_all, ":now": now.to_rails() })?;
    tx.publish(Arc::new(WebhooksChanged));
    Ok(Settings { url: known.url, secret, subscribe_all })
}

/// A bot has at most one row in Campfire's table.
fn set_url(tx: &Tx<'_>, bot: UserId, url: Option<&WebhookUrl>, now: Time) -> Result<(), db::Error> {
    let Some(url) = url else {
        tx.prepare_cached("DELETE FROM webhooks WHERE user_id = :bot")?
            .execute(named_params! { ":bot": bot.0 })?;
        return Ok(());
    };
    let params = named_params! { ":bot": bot.0, ":url": url.as_str(), ":now": now.to_rails() };
    let changed = tx
        .prepare_cached("UPDATE webhooks SET url = :url, updated_at = :now WHERE user_id = :bot")?
        .execute(params)?;
    if changed == 0 {
        tx.prepare_cached("INSERT INTO webhooks (user_id, url, created_at, updated_at) VALUES (:bot, :url, :now, :now)")?
            .execute(params)?;
    }
    Ok(())
}

/// The webhooks of all active bots, by the id of the bot.
pub fn endpoints(conn: &Connection) -> Result<Vec<Endpoint>, db::Error> {
    let mut statement = conn.prepare_cached(
        "SELECT u.id, w.url, coalesce(s.subscribe_all, 0) FROM webhooks w
         JOIN users u ON u.id = w.user_id AND u.role = 2 AND u.status = 0
         LEFT JOIN campfire_webhook_settings s ON s.bot_id = u.id
         WHERE trim(w.url) <> '' AND w.id = (SELECT min(id) FROM webhooks f WHERE f.user_id = w.user_id) ORDER BY u.id",
    )?;
    let rows = statement.query_map([], |row| {
        let host = host(&row.get::<_, String>(1)?);
        Ok(Endpoint { bot: UserId(row.get(0)?), subscribe_all: row.get(2)?, host })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub struct BotRow {
    pub name: String,
    /// The secret half of its key.
    pub token: String,
}

/// An active bot.
pub fn bot(conn: &Connection, bot: UserId) -> Result<Option<BotRow>, db::Error> {
    let found = conn
        .prepare_cached("SELECT name, coalesce(bot_token, '') FROM users WHERE id = :bot AND role = 2 AND status = 0")?
        .query_row(named_params! { ":bot": bot.0 }, |row| Ok(BotRow { name: row.get(0)?, token: row.get(1)? }))
        .optional()?;
    Ok(found)
}

/// The latest delivery to a bot. One that waits without a job was given up.
pub fn last_delivery(conn: &Connection, bot: UserId) -> Result<Option<LastDelivery>, db::Error> {
    let found = conn
        .prepare_cached(
            "SELECT d.id, CASE WHEN j.id IS NOT NULL THEN 'waiting' WHEN d.state = 'done' THEN 'done' ELSE 'failed' END, d.updated_at
             FROM campfire_webhook_deliveries d LEFT JOIN campfire_jobs j ON j.key = d.job_key AND j.state <> 'dead'
             WHERE d.bot_id = :bot ORDER BY d.id DESC LIMIT 1",
        )?
        .query_row(named_params! { ":bot": bot.0 }, |row| {
            let at = Time::from_rails(&row.get::<_, String>(2)?).unwrap_or(Time::from(jiff::Timestamp::UNIX_EPOCH));
            Ok(LastDelivery { id: row.get(0)?, state: State::from_stored(&row.get::<_, String>(1)?), at })
        })
        .optional()?;
    Ok(found)
}

/// Old deliveries deleted in one transaction.
pub const DELETE_BATCH: usize = 500;

/// Characters of an outcome that are stored; it may quote the receiver's certificate.
const MAX_OUTCOME: usize = 500;

/// A delivery with its unfinished job. Whether it waits is read from the job, which may be given up,
/// or retried by an operator, without an attempt.
macro_rules! select_deliveries {
    ($rest:literal) => {
        concat!(
            "SELECT d.id, d.webhook_id, d.message_id, d.room_id, d.url_host, d.reply, d.created_at,
                    CASE WHEN j.id IS NOT NULL THEN 'waiting' WHEN d.state = 'done' THEN 'done' ELSE 'failed' END AS state
             FROM campfire_webhook_deliveries d LEFT JOIN campfire_jobs j ON j.key = d.job_key AND j.state <> 'dead' ",
            $rest
        )
    };
}

/// Stores a delivery and enqueues its job. If too many of this bot's deliveries are waiting, it is
/// stored as failed, without a job.
pub fn insert_delivery(
    app: &App,
    tx: &mut Tx<'_>,
    bot: UserId,
    subject: Subject,
    host: &str,
    now: Time,
) -> Result<DeliveryId, db::Error> {
    let too_many = has_too_many_waiting(tx, bot)?;
    let key =
        if too_many { uuid::Uuid::new_v4().to_string() } else { enqueue(app, tx, bot, host, now)? };
    let (room, message, tester) = match subject {
        Subject::Message { room, message } => (Some(room.0), Some(message.0), None),
        Subject::Test(tester) => (None, None, Some(tester.0)),
    };
    tx.prepare_cached(
        "INSERT INTO campfire_webhook_deliveries
           (bot_id, webhook_id, job_key, message_id, room_id, tester_id, url_host, state, created_at, updated_at)
         VALUES (:bot, :key, :key, :message, :room, :tester, :host, :state, :now, :now)",
    )?
    .execute(named_params! {
        ":bot": bot.0, ":key": key, ":message": message, ":room": room, ":tester": tester, ":host": host,
        ":state": if too_many { "failed" } else { "waiting" }, ":now": now.to_rails(),
    })?;
    let id = tx.last_insert_rowid();
    if too_many {
        let outcome =
            format!("not sent: {MAX_WAITING} deliveries are waiting for this bot's receiver");
        insert_attempt(tx, id, &Attempt { at: now, status: None, outcome, duration_ms: 0 })?;
    }
    Ok(id)
}

fn enqueue(
    app: &App,
    tx: &mut Tx<'_>,
    bot: UserId,
    host: &str,
    now: Time,
) -> Result<String, db::Error> {
    // The delivery stores the key of its job, so the job needs no payload.
    let job = NewJob {
        kind: DELIVER,
        ordering_key: Some(ordering_key(bot)),
        destination: host.to_owned(),
        payload: "{}".to_owned(),
    };
    jobs::store::enqueue(app, tx, &job, now)
}

fn has_too_many_waiting(conn: &Connection, bot: UserId) -> Result<bool, db::Error> {
    jobs::store::has_at_least(conn, &ordering_key(bot), MAX_WAITING)
}

pub fn find_delivery_by_job(conn: &Connection, key: &str) -> Result<Option<Delivery>, db::Error> {
    let found = conn
        .prepare_cached(
            "SELECT id, bot_id, webhook_id, message_id, room_id, tester_id FROM campfire_webhook_deliveries WHERE job_key = :key",
        )?
        .query_row(named_params! { ":key": key }, |row| {
            let subject = match (row.get::<_, Option<i64>>(3)?, row.get::<_, Option<i64>>(4)?, row.get::<_, Option<i64>>(5)?) {
                (Some(message), Some(room), _) => Some(Subject::Message { room: RoomId(room), message: MessageId(message) }),
                (_, _, Some(tester)) => Some(Subject::Test(UserId(tester))),
                _ => None,
            };
            Ok(Delivery { id: row.get(0)?, bot: UserId(row.get(1)?), webhook_id: row.get(2)?, subject })
        })
        .optional()?;
    Ok(found)
}

/// Stores an attempt and the state of its delivery after it.
pub fn record_attempt(
    tx: &Tx<'_>,
    id: DeliveryId,
    host: &str,
    attempt: &Attempt,
    state: State,
    reply: Option<ReplyState>,
    now: Time,
) -> Result<(), db::Error> {
    insert_attempt(tx, id, attempt)?;
    tx.prepare_cached(
        "UPDATE campfire_webhook_deliveries
         SET state = :state, reply = coalesce(:reply, reply), url_host = :host, updated_at = :now WHERE id = :id",
    )?
    .execute(named_params! {
        ":id": id, ":state": state.word(), ":reply": reply.map(ReplyState::word), ":host": host, ":now": now.to_rails(),
    })?;
    Ok(())
}

fn insert_attempt(tx: &Tx<'_>, id: DeliveryId, attempt: &Attempt) -> Result<(), db::Error> {
    tx.prepare_cached(
        "INSERT INTO campfire_webhook_attempts (delivery_id, at, status, outcome, duration_ms)
         VALUES (:id, :at, :status, :outcome, :duration)",
    )?
    .execute(named_params! {
        ":id": id,
        ":at": attempt.at.to_rails(),
        ":status": attempt.status,
        ":outcome": attempt.outcome.chars().take(MAX_OUTCOME).collect::<String>(),
        ":duration": i64::try_from(attempt.duration_ms).unwrap_or(i64::MAX),
    })?;
    Ok(())
}

/// Sends a finished delivery again, with the same `Webhook-Id`. `by` becomes the author of a test.
pub fn resend_delivery(
    app: &App,
    tx: &mut Tx<'_>,
    bot: UserId,
    id: DeliveryId,
    by: UserId,
    host: &str,
    now: Time,
) -> Result<(), WebhookError> {
    let entry = find_delivery(tx, bot, id)?.ok_or(WebhookError::NoDelivery)?;
    if entry.state == State::Waiting {
        return Err(WebhookError::StillWaiting);
    }
    if has_too_many_waiting(tx, bot)? {
        return Err(WebhookError::TooManyWaiting);
    }
    let sql = "SELECT job_key FROM campfire_webhook_deliveries WHERE id = :id";
    let old: String = tx
        .query_row(sql, named_params! { ":id": id }, |row| row.get(0))
        .map_err(db::Error::from)?;
    // Otherwise an operator who retries the dead job would send the delivery twice.
    jobs::store::delete_dead(tx, &old)?;
    let key = enqueue(app, tx, bot, host, now)?;
    tx.prepare_cached(
        "UPDATE campfire_webhook_deliveries SET job_key = :key, state = 'waiting', url_host = :host, updated_at = :now,
                tester_id = CASE WHEN tester_id IS NULL THEN NULL ELSE :by END WHERE id = :id",
    )
    .and_then(|mut update| update.execute(named_params! { ":key": key, ":host": host, ":now": now.to_rails(), ":by": by.0, ":id": id }))
    .map_err(db::Error::from)?;
    Ok(())
}

/// Whether a test of this bot is unfinished.
pub fn has_unfinished_test(conn: &Connection, bot: UserId) -> Result<bool, db::Error> {
    let found = conn
        .prepare_cached(
            "SELECT 1 FROM campfire_webhook_deliveries d JOIN campfire_jobs j ON j.key = d.job_key AND j.state <> 'dead'
             WHERE d.bot_id = :bot AND d.state = 'waiting' AND d.tester_id IS NOT NULL LIMIT 1",
        )?
        .exists(named_params! { ":bot": bot.0 })?;
    Ok(found)
}

fn delivery_entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        id: row.get("id")?,
        webhook_id: row.get("webhook_id")?,
        message: row.get::<_, Option<i64>>("message_id")?.map(MessageId),
        room: row.get::<_, Option<i64>>("room_id")?.map(RoomId),
        url_host: row.get("url_host")?,
        state: State::from_stored(&row.get::<_, String>("state")?),
        reply: row.get::<_, Option<String>>("reply")?.as_deref().map(ReplyState::from_stored),
        created_at: time(row.get("created_at")?),
    })
}

fn time(text: String) -> Time {
    Time::from_rails(&text).unwrap_or(Time::from(jiff::Timestamp::UNIX_EPOCH))
}

pub fn find_delivery(
    conn: &Connection,
    bot: UserId,
    id: DeliveryId,
) -> Result<Option<Entry>, db::Error> {
    let found = conn
        .prepare_cached(select_deliveries!("WHERE d.bot_id = :bot AND d.id = :id"))?
        .query_row(named_params! { ":bot": bot.0, ":id": id }, delivery_entry)
        .optional()?;
    Ok(found)
}

/// A bot's deliveries before this one, newest first.
pub fn delivery_page(
    conn: &Connection,
    bot: UserId,
    before: DeliveryId,
    limit: u32,
) -> Result<Vec<Entry>, db::Error> {
    let mut statement = conn.prepare_cached(select_deliveries!(
        "WHERE d.bot_id = :bot AND d.id < :before ORDER BY d.id DESC LIMIT :limit"
    ))?;
    let rows = statement.query_map(
        named_params! { ":bot": bot.0, ":before": before, ":limit": limit },
        delivery_entry,
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The attempts of these deliveries, oldest first.
pub fn attempts(
    conn: &Connection,
    entries: &[Entry],
) -> Result<HashMap<DeliveryId, Vec<Attempt>>, db::Error> {
    let ids = entries.iter().map(|entry| entry.id.to_string()).collect::<Vec<_>>().join(",");
    let mut statement = conn.prepare_cached(
        "SELECT delivery_id, at, status, outcome, duration_ms FROM campfire_webhook_attempts
         WHERE delivery_id IN (SELECT value FROM json_each(:ids)) ORDER BY delivery_id, id",
    )?;
    let mut rows = statement.query(named_params! { ":ids": format!("[{ids}]") })?;
    let mut found: HashMap<DeliveryId, Vec<Attempt>> = HashMap::new();
    while let Some(row) = rows.next()? {
        let duration_ms = u64::try_from(row.get::<_, i64>(4)?).unwrap_or(0);
        let attempt = Attempt {
            at: time(row.get(1)?),
            status: row.get(2)?,
            outcome: row.get(3)?,
            duration_ms,
        };
        found.entry(row.get(0)?).or_default().push(attempt);
    }
    Ok(found)
}

/// Up to [`DELETE_BATCH`] finished deliveries that are too old or too many. Scans the whole table, so
/// it must not run on the writer.
pub fn find_old_deliveries(reader: &Reader<'_>, now: Time) -> Result<Vec<DeliveryId>, db::Error> {
    let old = now.plus_seconds(-KEPT_DAYS * 24 * 60 * 60).to_rails();
    let mut statement = reader.prepare_cached(
        "SELECT d.id FROM campfire_webhook_deliveries d
         JOIN (SELECT bot_id, (SELECT id FROM campfire_webhook_deliveries n WHERE n.bot_id = b.bot_id
                               ORDER BY id DESC LIMIT 1 OFFSET :kept) AS last
               FROM (SELECT DISTINCT bot_id FROM campfire_webhook_deliveries) b) l ON l.bot_id = d.bot_id
         WHERE (d.id <= l.last OR d.created_at < :old)
           AND NOT EXISTS (SELECT 1 FROM campfire_jobs j WHERE j.key = d.job_key AND j.state <> 'dead')
         LIMIT :some",
    )?;
    let ids = statement
        .query_map(named_params! { ":kept": MAX_KEPT, ":old": old, ":some": i64::try_from(DELETE_BATCH).unwrap_or(i64::MAX) }, |row| {
            row.get(0)
        })?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// Deletes these deliveries, except those that are being sent again.
pub fn delete_deliveries(tx: &Tx<'_>, deliveries: &[DeliveryId]) -> Result<(), db::Error> {
    let ids = deliveries.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    tx.prepare_cached(
        "DELETE FROM campfire_webhook_deliveries WHERE id IN (SELECT value FROM json_each(:ids))
           AND NOT EXISTS (SELECT 1 FROM campfire_jobs j WHERE j.key = job_key AND j.state <> 'dead')",
    )?
    .execute(named_params! { ":ids": format!("[{ids}]") })?;
    Ok(())
}

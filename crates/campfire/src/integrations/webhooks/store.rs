//! SQL for webhook settings.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, named_params};

use super::endpoint_cache::Endpoint;
use super::events::WebhooksChanged;
use super::log::{host, ordering_key};
use super::{Change, LastDelivery, Settings, State, WebhookUrl, new_secret};
use crate::core::app::Tx;
use crate::core::clock::Time;
use crate::core::ids::UserId;
use crate::jobs;

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

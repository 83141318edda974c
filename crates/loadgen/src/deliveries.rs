//! People mention bots while the server is killed at random moments and the bots' receivers have moods; in the end every bot has
//! heard of every message that concerns it, in order, and the log agrees with the receivers.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use rand::Rng;
use rusqlite::{Connection, params};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::Outcome;
use crate::client::Client;
use crate::delivery_checks::{Delivery, Told, verify};
use crate::receivers::Receivers;
use crate::server::Server;
use crate::world::{World, sentence};

const POSTERS: usize = 8;
const BOTS: i64 = 8;
const RECEIVERS: usize = 4;
/// The number of the first bot.
const FIRST_BOT: i64 = 1001;
/// Kills while what is left is delivered.
const LATE_KILLS: u32 = 2;
/// How long the last deliveries may take: several pauses after failures, and a receiver that was left in peace.
const PATIENCE: Duration = Duration::from_secs(900);

/// Posts so many messages over so many kills, then verifies.
pub async fn run(program: &Path, messages: u32, cycles: u32) -> Outcome<()> {
    let world = World::create(program, POSTERS).await?;
    let receivers = Receivers::start(RECEIVERS).await?;
    enter_bots(&world.database(), &receivers)?;
    let (place, where_is) = watch::channel(None);
    let mut server = Server::start(program, world.storage.path()).await?;
    let mentions = mentions(&mut Client::connect(server.address, &world.tokens[0]).await?).await?;
    // All posters together are done after about as many seconds as there are kills.
    let pause = Duration::from_millis(u64::from(cycles) * 900 * POSTERS as u64 / u64::from(messages.max(1)));
    let posters = (0..POSTERS).map(|number| {
        let share = messages / POSTERS as u32 + u32::from(number < messages as usize % POSTERS);
        let (token, where_is, mentions) = (world.tokens[number].clone(), where_is.clone(), mentions.clone());
        tokio::spawn(async move { post(number, share, pause, &token, where_is, &mentions).await })
    });
    let posters = posters.collect::<Vec<_>>();
    let mut kills = 0;
    place.send_replace(Some(server.address));
    while kills < cycles || !posters.iter().all(tokio::task::JoinHandle::is_finished) {
        tokio::time::sleep(Duration::from_millis(rand::rng().random_range(50..=1200))).await;
        place.send_replace(None);
        server.kill().await?;
        kills += 1;
        server = Server::start(program, world.storage.path()).await?;
        place.send_replace(Some(server.address));
    }
    let mut told = Vec::new();
    for poster in posters {
        told.extend(poster.await??);
    }
    receivers.calm_down();
    for _ in 0..LATE_KILLS {
        tokio::time::sleep(Duration::from_millis(rand::rng().random_range(50..=3000))).await;
        server.kill().await?;
        kills += 1;
        server = Server::start(program, world.storage.path()).await?;
    }
    let mut client = Client::connect(server.address, &world.tokens[0]).await?;
    let log = settled(&mut client).await?;
    drop(client);
    server.stop().await?;
    let summary = verify(&world.database(), &told, &log, &receivers.calls)?;
    done(&format!("{kills} kills, {} messages that mention bots: {summary}", told.len()));
    Ok(())
}

/// Bots as Campfire stores them, all in the first room.
fn enter_bots(database: &Path, receivers: &Receivers) -> Outcome<()> {
    let mut conn = Connection::open(database)?;
    let tx = conn.transaction()?;
    let now = "2026-01-01 00:00:00.000000";
    for bot in FIRST_BOT..FIRST_BOT + BOTS {
        tx.execute(
            "INSERT INTO users (id, name, role, bot_token, created_at, updated_at) VALUES (?1, ?2, 2, ?3, ?4, ?4)",
            params![bot, format!("Bot {bot}"), format!("Key{bot:09}"), now],
        )?;
        tx.execute(
            "INSERT INTO memberships (room_id, user_id, involvement, created_at, updated_at) VALUES (1, ?1, 'mentions', ?2, ?2)",
            params![bot, now],
        )?;
        tx.execute(
            "INSERT INTO webhooks (user_id, url, created_at, updated_at) VALUES (?1, ?2, ?3, ?3)",
            params![bot, receivers.url(bot), now],
        )?;
    }
    tx.commit()?;
    Ok(())
}

/// What mentions each bot, by the order of their numbers.
async fn mentions(client: &mut Client) -> Outcome<Vec<String>> {
    let people = client.get("/api/v1/users?room_id=1&limit=500").await?.json(&[200])?;
    let sgid = |bot: i64| {
        let found = people.as_array()?.iter().find(|person| person["id"] == bot)?;
        Some(found["sgid"].as_str()?.to_owned())
    };
    (FIRST_BOT..FIRST_BOT + BOTS).map(|bot| sgid(bot).ok_or_else(|| format!("bot {bot} cannot be mentioned").into())).collect()
}

/// Posts its share. What was not acknowledged is sent again with the same id, as the web client does.
async fn post(
    number: usize,
    share: u32,
    pause: Duration,
    token: &str,
    mut where_is: watch::Receiver<Option<SocketAddr>>,
    mentions: &[String],
) -> Outcome<Vec<Told>> {
    let mut told = Vec::new();
    let mut client: Option<Client> = None;
    for count in 0..share {
        let bot = (number + count as usize) % mentions.len();
        let mention = format!(
            r#"<action-text-attachment sgid="{}" content-type="application/vnd.campfire.mention"></action-text-attachment>"#,
            mentions[bot]
        );
        let body = format!("<div>{mention} {}</div>", sentence(count));
        let body = json!({ "body": body, "client_message_id": format!("d{number}-{count}") }).to_string();
        let message = loop {
            if client.is_none() {
                let address: Option<SocketAddr> = *where_is.wait_for(Option::is_some).await?;
                let Some(address) = address else { continue };
                client = Client::connect(address, token).await.ok();
                if client.is_none() {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                    continue;
                }
            }
            let Some(connected) = client.as_mut() else { continue };
            match connected.post("/api/v1/rooms/1/messages", &body).await {
                Ok(answer) => break answer.json(&[200, 201])?["id"].as_i64().ok_or("no id")?,
                // Killed in the middle: nobody knows whether it was stored, so it is sent again.
                Err(_) => client = None,
            }
        };
        told.push(Told { message, bot: FIRST_BOT + bot as i64 });
        let wait = rand::rng().random_range(0..=2 * u64::try_from(pause.as_millis())?);
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
    Ok(told)
}

/// The whole log, once nothing in it waits.
async fn settled(client: &mut Client) -> Outcome<Vec<Delivery>> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let mut log = Vec::new();
        for bot in FIRST_BOT..FIRST_BOT + BOTS {
            log.extend(of_bot(client, bot).await?);
        }
        let waiting = log.iter().filter(|delivery| delivery.state == "waiting").count();
        if waiting == 0 {
            return Ok(log);
        }
        if Instant::now() > deadline {
            return Err(format!("{waiting} deliveries are still waiting").into());
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

async fn of_bot(client: &mut Client, bot: i64) -> Outcome<Vec<Delivery>> {
    let mut log = Vec::new();
    let mut before = i64::MAX;
    loop {
        let path = format!("/api/v1/bots/{bot}/deliveries?limit=100&before={before}");
        let page = client.get(&path).await?.json(&[200])?;
        let page = page.as_array().ok_or("no list")?;
        for entry in page {
            log.push(read(bot, entry).ok_or_else(|| format!("an odd delivery: {entry}"))?);
        }
        match page.last().and_then(|entry| entry["id"].as_i64()) {
            Some(last) if page.len() == 100 => before = last,
            _ => return Ok(log),
        }
    }
}

fn read(bot: i64, entry: &Value) -> Option<Delivery> {
    let statuses = entry["attempts"].as_array()?.iter().filter_map(|attempt| u16::try_from(attempt["status"].as_u64()?).ok());
    Some(Delivery {
        bot,
        webhook_id: entry["webhook_id"].as_str()?.to_owned(),
        message: entry["message_id"].as_i64()?,
        state: entry["state"].as_str()?.to_owned(),
        posted: entry["reply"] == "posted",
        statuses: statuses.collect(),
    })
}

#[expect(clippy::print_stdout, reason = "the result")]
fn done(line: &str) {
    println!("{line}");
}

//! People mention bots while the server is killed at random moments and the bots' receivers have moods; in the end every bot has
//! heard of every message that concerns it, in order, and the log agrees with the receivers.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use rand::Rng;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::Outcome;
use crate::client::Client;
use crate::delivery_checks::{Delivery, Told, verify};
use crate::receivers::Receivers;
use crate::server::Server;
use crate::world::{World, sentence};

const POSTERS: usize = 8;
const BOTS: usize = 8;
const RECEIVERS: usize = 4;
/// Kills while what is left is delivered.
const LATE_KILLS: u32 = 2;
/// How long the last deliveries may take: several pauses after failures, and a receiver that was left in peace.
const PATIENCE: Duration = Duration::from_secs(900);

/// Posts so many messages over so many kills, then verifies.
pub async fn run(program: &Path, messages: u32, cycles: u32) -> Outcome<()> {
    let world = World::create(program, POSTERS).await?;
    let receivers = Receivers::start(RECEIVERS).await?;
    let (place, where_is) = watch::channel(None);
    let mut server = Server::start(program, world.storage.path()).await?;
    let bots = make_bots(&mut Client::connect(server.address, &world.tokens[0]).await?, &receivers).await?;
    // All posters together are done after about as many seconds as there are kills.
    let pause = Duration::from_millis(u64::from(cycles) * 900 * POSTERS as u64 / u64::from(messages.max(1)));
    let posters = (0..POSTERS).map(|number| {
        let share = messages / POSTERS as u32 + u32::from(number < messages as usize % POSTERS);
        let (token, where_is, bots) = (world.tokens[number].clone(), where_is.clone(), bots.clone());
        tokio::spawn(async move { post(number, share, pause, &token, where_is, &bots).await })
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
    let log = settled(&mut client, &bots).await?;
    drop(client);
    server.stop().await?;
    let summary = verify(&world.database(), &told, &log, &receivers.calls)?;
    done(&format!("{kills} kills, {} messages that mention bots: {summary}", told.len()));
    Ok(())
}

/// A bot that can be mentioned.
#[derive(Clone)]
struct Bot {
    id: i64,
    sgid: String,
}

/// Makes bots with webhooks; all are in the first room, which is open.
async fn make_bots(client: &mut Client, receivers: &Receivers) -> Outcome<Vec<Bot>> {
    let mut ids = Vec::new();
    for number in 1..=BOTS {
        let made = client.post("/api/v1/bots", &json!({ "name": format!("Bot {number}") }).to_string()).await?.json(&[201])?;
        let id = made["id"].as_i64().ok_or("no id")?;
        let form = json!({ "webhook_url": receivers.url(id) }).to_string();
        let changed = client.send("PATCH", &format!("/api/v1/bots/{id}"), &form).await?.json(&[200])?;
        receivers.expect(id, changed["webhook_secret"].as_str().ok_or("no secret")?);
        ids.push(id);
    }
    let people = client.get("/api/v1/users?room_id=1&limit=500").await?.json(&[200])?;
    let sgid = |bot: i64| {
        let found = people.as_array()?.iter().find(|person| person["id"] == bot)?;
        Some(Bot { id: bot, sgid: found["sgid"].as_str()?.to_owned() })
    };
    ids.into_iter().map(|bot| sgid(bot).ok_or_else(|| format!("bot {bot} cannot be mentioned").into())).collect()
}

/// Posts its share. What was not acknowledged is sent again with the same id, as the web client does.
async fn post(
    number: usize,
    share: u32,
    pause: Duration,
    token: &str,
    mut where_is: watch::Receiver<Option<SocketAddr>>,
    bots: &[Bot],
) -> Outcome<Vec<Told>> {
    let mut told = Vec::new();
    let mut client: Option<Client> = None;
    for count in 0..share {
        let bot = &bots[(number + count as usize) % bots.len()];
        let mention = format!(
            r#"<action-text-attachment sgid="{}" content-type="application/vnd.campfire.mention"></action-text-attachment>"#,
            bot.sgid
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
        told.push(Told { message, bot: bot.id });
        let wait = rand::rng().random_range(0..=2 * u64::try_from(pause.as_millis())?);
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
    Ok(told)
}

/// The whole log, once nothing in it waits.
async fn settled(client: &mut Client, bots: &[Bot]) -> Outcome<Vec<Delivery>> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let mut log = Vec::new();
        for bot in bots {
            log.extend(of_bot(client, bot.id).await?);
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

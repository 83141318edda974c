//! People mention bots and each other while the server is killed at random moments and those whom
//! it calls have moods; in the end every bot and every device has heard of every message that
//! concerns it, and the log agrees with the receivers.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rand::Rng;
use serde_json::Value;
use tokio::sync::watch;

use crate::cast::{self, Cast, Person};
use crate::client::Client;
use crate::delivery_checks::Delivery;
use crate::mentions::{Told, Writer};
use crate::push_services::PushServices;
use crate::receivers::Receivers;
use crate::server::Server;
use crate::world::World;
use crate::{Outcome, delivery_checks, push_checks};

const WRITERS: usize = 8;
const RECEIVERS: usize = 4;
const PUSH_SERVICES: usize = 2;
/// A run of so many kills is a long one: push services are down for a while. A short one does not
/// wait until the server tries again whom it left in peace.
const LONG: u32 = 20;
/// Calls in a row that fail in a short one.
const FLAKY: usize = 3;
/// Kills while what is left is delivered.
const LATE_KILLS: u32 = 2;
/// How long the last deliveries may take: several pauses after failures, and a receiver that was
/// left in peace.
const PATIENCE: Duration = Duration::from_secs(900);

/// Posts so many messages over so many kills, then verifies.
pub async fn run(program: &Path, messages: u32, cycles: u32) -> Outcome<()> {
    let world = World::create(program, cast::ALL).await?;
    let (calm, is_calm) = watch::channel(false);
    let receivers = Receivers::start(RECEIVERS, &is_calm).await?;
    let services = PushServices::start(
        PUSH_SERVICES,
        &is_calm,
        if cycles < LONG { FLAKY } else { usize::MAX },
    )
    .await?;
    let origins = services.origins();
    let settings = [("PUSH_SERVICES", origins.as_str())];
    let start = || Server::start_with(program, world.storage.path(), &settings);
    let (place, where_is) = watch::channel(None);
    let mut server = start().await?;
    let cast = Cast::gather(
        &mut Client::connect(server.address, &world.tokens[0]).await?,
        &world,
        &receivers,
        &services,
    )
    .await?;
    let cast = Arc::new(cast);
    // All writers together are done after about as many seconds as there are kills.
    let pause = Duration::from_millis(
        u64::from(cycles) * 900 * WRITERS as u64 / u64::from(messages.max(1)),
    );
    let writer = |number: usize| {
        let token = world.tokens[number].clone();
        Writer { number, token, where_is: where_is.clone(), cast: cast.clone() }
    };
    let writers = (0..WRITERS).map(|number| {
        let share = messages / WRITERS as u32 + u32::from(number < messages as usize % WRITERS);
        tokio::spawn(writer(number).write(share, pause))
    });
    let writers = writers.collect::<Vec<_>>();
    let mut kills = 0;
    place.send_replace(Some(server.address));
    while kills < cycles || !writers.iter().all(tokio::task::JoinHandle::is_finished) {
        tokio::time::sleep(Duration::from_millis(rand::rng().random_range(50..=1200))).await;
        place.send_replace(None);
        server.kill().await?;
        kills += 1;
        server = start().await?;
        place.send_replace(Some(server.address));
    }
    let mut told = Vec::new();
    for writer in writers {
        told.extend(writer.await??);
    }
    calm.send_replace(true);
    for _ in 0..LATE_KILLS {
        tokio::time::sleep(Duration::from_millis(rand::rng().random_range(50..=3000))).await;
        server.kill().await?;
        kills += 1;
        server = start().await?;
    }
    place.send_replace(Some(server.address));
    let mut client = Client::connect(server.address, &world.tokens[0]).await?;
    if let Some(person) = cast.lost_one() {
        told.extend(forgotten(&mut client, writer(0), person, &services).await?);
    }
    settled(&mut client).await?;
    let mut log = Vec::new();
    for bot in &cast.bots {
        log.extend(of_bot(&mut client, bot.id).await?);
    }
    drop(client);
    server.stop().await?;
    let webhooks = delivery_checks::verify(&world.database(), &told, &log, &receivers.calls)?;
    let pushes = push_checks::verify(&told, &cast, &services)?;
    done(&format!(
        "{kills} kills, {} messages that mention bots and people: {webhooks}; {pushes}",
        told.len()
    ));
    Ok(())
}

/// Mentions the person with a device that is gone, until it must have been noticed, and then once
/// more: the device hears no more.
async fn forgotten(
    client: &mut Client,
    mut writer: Writer,
    person: &Person,
    services: &PushServices,
) -> Outcome<Vec<Told>> {
    let device = person.gone.ok_or("nobody lost a device")?;
    let (mut told, mut heard) = (Vec::new(), Vec::new());
    for id in ["are-you-there", "and-now"] {
        let mut said = writer.say(&mut None, id, [&person.sgid].into_iter(), "a last word").await?;
        said.people.push(person.id);
        told.push(said);
        settled(client).await?;
        heard.push(services.heard(device).len());
    }
    match heard[..] {
        [before, now] if before > 0 && now == before => Ok(told),
        _ => Err(format!("device {device}, which is gone, was notified {heard:?} times, before and after it said so").into()),
    }
}

/// Waits until nothing is to be delivered any more.
async fn settled(client: &mut Client) -> Outcome<()> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let health = client.get("/health/detailed").await?.json(&[200])?;
        // Not there when they could not be counted in time.
        let jobs = &health["jobs"]["stored"];
        let counted = jobs.as_array();
        if let Some(given_up) =
            counted.and_then(|jobs| jobs.iter().find(|jobs| jobs["state"] == "dead"))
        {
            return Err(format!("deliveries were given up: {given_up}").into());
        }
        if counted.is_some_and(Vec::is_empty) {
            return Ok(());
        }
        if Instant::now() > deadline {
            return Err(format!("deliveries are still waiting: {jobs}").into());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
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
    let statuses = entry["attempts"]
        .as_array()?
        .iter()
        .filter_map(|attempt| u16::try_from(attempt["status"].as_u64()?).ok());
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

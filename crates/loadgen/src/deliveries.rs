//! Crash test of webhooks and pushes: people mention bots and each other while the server is killed
//! at random times and the systems that it calls have faults. Afterwards every bot and every device
//! must have received every message meant for it, and the delivery log must agree with the
//! endpoints.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rand::Rng;
use serde_json::Value;
use tokio::sync::watch;

use crate::client::Client;
use crate::delivery_checks::Delivery;
use crate::fixture::Fixture;
use crate::push_services::PushServices;
use crate::server::Server;
use crate::test_actors::{self, Person, TestActors};
use crate::webhook_endpoints::WebhookEndpoints;
use crate::writers::{PostedMessage, Writer};
use crate::{Result, delivery_checks, print_result, push_checks};

const WRITERS: usize = 8;
const WEBHOOK_ENDPOINTS: usize = 4;
const PUSH_SERVICES: usize = 2;
/// From this number of kills on, push services fail for long enough to open the server's circuits.
/// A shorter run does not wait for a circuit to close.
const LONG_RUN: u32 = 20;
/// Consecutive failures of a push service in a shorter run.
const MAX_FAILURES: usize = 3;
/// Kills while the remaining deliveries are made.
const LATE_KILLS: u32 = 2;
/// How long the remaining deliveries may take: several retry delays and the cool-down of an open
/// circuit.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(900);

/// Posts messages while it kills the server `cycles` times, then verifies.
pub async fn run(program: &Path, messages: u32, cycles: u32) -> Result<()> {
    let fixture = Fixture::create(program, test_actors::FIXTURE_PEOPLE).await?;
    let (recover, recovered) = watch::channel(false);
    let endpoints = WebhookEndpoints::start(WEBHOOK_ENDPOINTS, &recovered).await?;
    let services = PushServices::start(
        PUSH_SERVICES,
        &recovered,
        if cycles < LONG_RUN { MAX_FAILURES } else { usize::MAX },
    )
    .await?;
    let origins = services.setting();
    let settings = [("PUSH_SERVICES", origins.as_str())];
    let start = || Server::start_with(program, fixture.storage.path(), &settings);
    let (address, server_address) = watch::channel(None);
    let mut server = start().await?;
    let actors = TestActors::create(
        &mut Client::connect(server.address, &fixture.tokens[0]).await?,
        &fixture,
        &endpoints,
        &services,
    )
    .await?;
    let actors = Arc::new(actors);
    // The writers finish after about one second per kill.
    let pause = Duration::from_millis(
        u64::from(cycles) * 900 * WRITERS as u64 / u64::from(messages.max(1)),
    );
    let writer = |index: usize| {
        let (token, server_address) = (fixture.tokens[index].clone(), server_address.clone());
        Writer { index, token, server_address, actors: actors.clone() }
    };
    let writers = (0..WRITERS).map(|index| {
        let share = messages / WRITERS as u32 + u32::from(index < messages as usize % WRITERS);
        tokio::spawn(writer(index).run(share, pause))
    });
    let writers = writers.collect::<Vec<_>>();
    let mut kills = 0;
    address.send_replace(Some(server.address));
    while kills < cycles || !writers.iter().all(tokio::task::JoinHandle::is_finished) {
        tokio::time::sleep(Duration::from_millis(rand::rng().random_range(50..=1200))).await;
        address.send_replace(None);
        server.kill().await?;
        kills += 1;
        server = start().await?;
        address.send_replace(Some(server.address));
    }
    let mut posted = Vec::new();
    for writer in writers {
        posted.extend(writer.await??);
    }
    recover.send_replace(true);
    for _ in 0..LATE_KILLS {
        tokio::time::sleep(Duration::from_millis(rand::rng().random_range(50..=3000))).await;
        server.kill().await?;
        kills += 1;
        server = start().await?;
    }
    address.send_replace(Some(server.address));
    let mut client = Client::connect(server.address, &fixture.tokens[0]).await?;
    if let Some(person) = actors.person_with_expired_device() {
        posted.extend(check_expiry(&mut client, writer(0), person, &services).await?);
    }
    wait_for_empty_queue(&mut client).await?;
    let mut log = Vec::new();
    for bot in &actors.bots {
        log.extend(delivery_log(&mut client, bot.id).await?);
    }
    drop(client);
    server.stop().await?;
    let webhooks = delivery_checks::verify(&fixture.database(), &posted, &log, &endpoints.calls)?;
    let pushes = push_checks::verify(&posted, &actors, &services)?;
    print_result(&format!(
        "{kills} kills, {} messages that mention bots and people: {webhooks}; {pushes}",
        posted.len()
    ));
    Ok(())
}

/// Mentions the person with an expired device twice: after the first rejection the server must have
/// deleted the subscription.
async fn check_expiry(
    client: &mut Client,
    mut writer: Writer,
    person: &Person,
    services: &PushServices,
) -> Result<Vec<PostedMessage>> {
    let device = person.expired_device.ok_or("no device has expired")?;
    let (mut posted, mut received) = (Vec::new(), Vec::new());
    for id in ["expiry-1", "expiry-2"] {
        let mentioned = [&person.sgid].into_iter();
        let mut message = writer.post(&mut None, id, mentioned, "one more message").await?;
        message.people.push(person.id);
        posted.push(message);
        wait_for_empty_queue(client).await?;
        received.push(services.received(device).len());
    }
    match received[..] {
        [before, after] if before > 0 && after == before => Ok(posted),
        _ => Err(format!("expired device {device} was sent {received:?} pushes in all, before and after the last mention").into()),
    }
}

/// Waits until the job queue is empty.
async fn wait_for_empty_queue(client: &mut Client) -> Result<()> {
    let deadline = Instant::now() + DELIVERY_TIMEOUT;
    loop {
        let health = client.get("/health/detailed").await?.json(&[200])?;
        // Absent when the server could not count the jobs in time.
        let jobs = &health["jobs"]["stored"];
        let counted = jobs.as_array();
        if let Some(dead) =
            counted.and_then(|jobs| jobs.iter().find(|jobs| jobs["state"] == "dead"))
        {
            return Err(format!("deliveries failed for good: {dead}").into());
        }
        if counted.is_some_and(Vec::is_empty) {
            return Ok(());
        }
        if Instant::now() > deadline {
            return Err(format!("deliveries are still waiting after the timeout: {jobs}").into());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

async fn delivery_log(client: &mut Client, bot: i64) -> Result<Vec<Delivery>> {
    let mut log = Vec::new();
    let mut before = i64::MAX;
    loop {
        let path = format!("/api/v1/bots/{bot}/deliveries?limit=100&before={before}");
        let page = client.get(&path).await?.json(&[200])?;
        let page = page.as_array().ok_or("not a list")?;
        for entry in page {
            log.push(parse(bot, entry).ok_or_else(|| format!("malformed delivery: {entry}"))?);
        }
        match page.last().and_then(|entry| entry["id"].as_i64()) {
            Some(last) if page.len() == 100 => before = last,
            _ => return Ok(log),
        }
    }
}

fn parse(bot: i64, entry: &Value) -> Option<Delivery> {
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

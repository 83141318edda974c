//! Durable posts per second into a room of fifty people who are all subscribed.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::Result;
use crate::client::Client;
use crate::fixture::{Fixture, sentence};
use crate::message_checks::{self, SentMessages};
use crate::server::Server;
use crate::statistics::percentile;
use crate::subscribers::Subscribers;

/// The results of one round.
pub struct Posts {
    /// Messages per second.
    pub rate: f64,
    /// Response times.
    pub p50: Duration,
    pub p99: Duration,
}

/// Posts for `seconds` from several connections; checks every response, every event that a
/// subscriber receives, and the database afterwards.
pub async fn round(
    program: &Path,
    connections: usize,
    subscribers: usize,
    seconds: u64,
) -> Result<Posts> {
    let fixture = Fixture::create(program, 50).await?;
    let server = Server::start(program, fixture.storage.path()).await?;
    let channel = r#"{"channel":"RoomMessagesChannel","room_id":1}"#;
    let connected =
        Subscribers::connect(server.address, &fixture.tokens, subscribers, &[channel]).await?;
    let start = Instant::now();
    let until = start + Duration::from_secs(seconds);
    let posters = (0..connections).map(|index| {
        let (address, token) =
            (server.address, fixture.tokens[index % fixture.tokens.len()].clone());
        tokio::spawn(
            async move { post(Client::connect(address, &token).await?, index, until).await },
        )
    });
    let mut sent = Vec::new();
    let mut times = Vec::new();
    for poster in posters.collect::<Vec<_>>() {
        let (messages, mut latencies) = poster.await??;
        sent.push(messages);
        times.append(&mut latencies);
    }
    let elapsed = start.elapsed();
    connected.received.wait_for((times.len() * subscribers) as u64).await?;
    connected.finish().await?;
    server.stop().await?;
    let stored = message_checks::verify(&fixture.database(), &sent)?;
    if stored != times.len() {
        return Err(format!("{stored} of {} posted messages are stored", times.len()).into());
    }
    times.sort_unstable();
    let rate = times.len() as f64 / elapsed.as_secs_f64();
    Ok(Posts { rate, p50: percentile(&times, 50), p99: percentile(&times, 99) })
}

async fn post(
    mut client: Client,
    index: usize,
    until: Instant,
) -> Result<(SentMessages, Vec<Duration>)> {
    let mut sent = SentMessages { ids: Vec::new(), acknowledged: HashMap::new(), resent: 0 };
    let mut times = Vec::new();
    for count in 0.. {
        let start = Instant::now();
        if start >= until {
            break;
        }
        let id = format!("p{index}-{count}");
        let body = format!(r#"{{"text":"{}","client_message_id":"{id}"}}"#, sentence(count));
        let response = client.post("/api/v1/rooms/1/messages", &body).await?;
        times.push(start.elapsed());
        sent.acknowledged.insert(id.clone(), response.created_id()?);
        sent.ids.push(id);
    }
    Ok((sent, times))
}

//! How many durable messages a second, into a room of fifty people of whom all listen.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::checks::{self, Sent};
use crate::client::Client;
use crate::numbers::percentile;
use crate::server::Server;
use crate::sockets::Subscribers;
use crate::world::{World, sentence};

/// What one round showed.
pub struct Posts {
    /// Messages per second.
    pub rate: f64,
    /// Half of the answers came within this time.
    pub p50: Duration,
    /// All but one in a hundred did.
    pub p99: Duration,
}

/// Posts for some seconds from so many connections; checks every answer, every delivery, and the
/// database afterwards.
pub async fn round(
    program: &Path,
    connections: usize,
    listeners: usize,
    seconds: u64,
) -> Outcome<Posts> {
    let world = World::create(program, 50).await?;
    let server = Server::start(program, world.storage.path()).await?;
    let channel = r#"{"channel":"RoomMessagesChannel","room_id":1}"#;
    let subscribers =
        Subscribers::connect(server.address, &world.tokens, listeners, &[channel]).await?;
    let begun = Instant::now();
    let until = begun + Duration::from_secs(seconds);
    let posters = (0..connections).map(|number| {
        let (address, token) = (server.address, world.tokens[number % world.tokens.len()].clone());
        tokio::spawn(
            async move { post(Client::connect(address, &token).await?, number, until).await },
        )
    });
    let mut sent = Vec::new();
    let mut times = Vec::new();
    for poster in posters.collect::<Vec<_>>() {
        let (own, mut took) = poster.await??;
        sent.push(own);
        times.append(&mut took);
    }
    let elapsed = begun.elapsed();
    subscribers.received.reach((times.len() * listeners) as u64).await?;
    subscribers.finish().await?;
    server.stop().await?;
    let stored = checks::verify(&world.database(), &sent)?;
    if stored != times.len() {
        return Err(
            format!("{stored} messages are stored of {} that were posted", times.len()).into()
        );
    }
    times.sort_unstable();
    let rate = times.len() as f64 / elapsed.as_secs_f64();
    Ok(Posts { rate, p50: percentile(&times, 50), p99: percentile(&times, 99) })
}

async fn post(mut client: Client, number: usize, until: Instant) -> Outcome<(Sent, Vec<Duration>)> {
    let mut sent = Sent { ids: Vec::new(), acknowledged: HashMap::new(), resent: 0 };
    let mut times = Vec::new();
    for count in 0.. {
        let begun = Instant::now();
        if begun >= until {
            break;
        }
        let id = format!("p{number}-{count}");
        let body = format!(r#"{{"text":"{}","client_message_id":"{id}"}}"#, sentence(count));
        let answer = client.post("/api/v1/rooms/1/messages", &body).await?;
        times.push(begun.elapsed());
        sent.acknowledged.insert(id.clone(), answer.created_id()?);
        sent.ids.push(id);
    }
    Ok((sent, times))
}

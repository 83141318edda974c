//! From a post to everybody who listens: one at a time, and thirty-two in flight; beside writing
//! the same bytes to as many plain sockets.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Outcome;
use crate::client::Client;
use crate::numbers::percentile;
use crate::server::Server;
use crate::sockets::{READ, Received, Subscribers, frame};
use crate::world::{World, sentence};

/// What was measured, of the server or of the floor.
pub struct FanOut {
    /// Post to all received, one at a time.
    pub p50: Duration,
    /// All but one in a hundred.
    pub p99: Duration,
    /// Deliveries per second with many in flight.
    pub rate: f64,
    /// Processor time of the serving side per delivery, one at a time.
    pub cpu_paced: Duration,
    /// The same with many in flight.
    pub cpu_saturated: Duration,
}

/// Messages in flight when saturated.
const IN_FLIGHT: u32 = 32;

/// The server with so many subscribers; every one must get every message, in order.
pub async fn server(program: &Path, subscribers: usize, paced: u32) -> Outcome<FanOut> {
    let world = World::create(program, 50.min(subscribers)).await?;
    let server = Server::start(program, world.storage.path()).await?;
    let channel = r#"{"channel":"RoomMessagesChannel","room_id":1}"#;
    let crowd =
        Subscribers::connect(server.address, &world.tokens, subscribers, &[channel]).await?;
    let mut client = Client::connect(server.address, &world.tokens[0]).await?;
    let body = |number| format!(r#"{{"text":"{}"}}"#, sentence(number));
    let (mut times, mut expected) = (Vec::new(), 0);
    let cpu = server.cpu()?;
    for number in 0..paced {
        expected += subscribers as u64;
        let begun = Instant::now();
        client.post("/api/v1/rooms/1/messages", &body(number)).await?.created_id()?;
        crowd.received.reach(expected).await?;
        times.push(begun.elapsed());
    }
    let cpu_paced = (server.cpu()? - cpu) / u32::try_from(expected)?;
    let rounds = (paced / 8).max(2);
    let (begun, cpu) = (Instant::now(), server.cpu()?);
    let mut posters = Vec::new();
    for number in 0..IN_FLIGHT {
        let mut client =
            Client::connect(server.address, &world.tokens[number as usize % world.tokens.len()])
                .await?;
        posters.push(tokio::spawn(async move {
            for round in 0..rounds {
                client
                    .post(
                        "/api/v1/rooms/1/messages",
                        &format!(r#"{{"text":"{}"}}"#, sentence(round)),
                    )
                    .await?
                    .created_id()?;
            }
            Outcome::Ok(())
        }));
    }
    for poster in posters {
        poster.await??;
    }
    let more = u64::from(IN_FLIGHT * rounds) * subscribers as u64;
    crowd.received.reach(expected + more).await?;
    let (took, cpu) = (begun.elapsed(), server.cpu()? - cpu);
    crowd.finish().await?;
    server.stop().await?;
    finish(times, more, took, cpu_paced, cpu)
}

/// The floor: the same bytes to plain sockets, on a command of one byte.
pub async fn floor(subscribers: usize, paced: u32, size: usize) -> Outcome<FanOut> {
    let server = Server::floor(&["serve-sockets", "--size", &size.to_string()]).await?;
    let mut commander = TcpStream::connect(server.address).await?;
    commander.set_nodelay(true)?;
    let received: Arc<Received> = Arc::default();
    let mut listeners = tokio::task::JoinSet::new();
    for _ in 0..subscribers {
        let mut stream = TcpStream::connect(server.address).await?;
        stream.read_exact(&mut [0]).await?;
        let received = received.clone();
        listeners.spawn(async move {
            let mut buffer = Vec::with_capacity(READ);
            while stream.read_buf(&mut buffer).await.is_ok_and(|count| count > 0) {
                let mut at = 0;
                while let Some((_, end)) = frame(&buffer[at..]) {
                    received.add();
                    at += end;
                }
                buffer.drain(..at);
            }
        });
    }
    let (mut times, mut expected) = (Vec::new(), 0);
    let cpu = server.cpu()?;
    for _ in 0..paced {
        expected += subscribers as u64;
        let begun = Instant::now();
        commander.write_all(b"!").await?;
        received.reach(expected).await?;
        times.push(begun.elapsed());
    }
    let cpu_paced = (server.cpu()? - cpu) / u32::try_from(expected)?;
    let rounds = (paced / 8).max(2);
    let (begun, cpu) = (Instant::now(), server.cpu()?);
    for _ in 0..rounds {
        expected += u64::from(IN_FLIGHT) * subscribers as u64;
        commander.write_all(&[b'!'; IN_FLIGHT as usize]).await?;
        received.reach(expected).await?;
    }
    let more = u64::from(IN_FLIGHT * rounds) * subscribers as u64;
    let (took, cpu) = (begun.elapsed(), server.cpu()? - cpu);
    listeners.shutdown().await;
    server.kill().await?;
    finish(times, more, took, cpu_paced, cpu)
}

fn finish(
    mut times: Vec<Duration>,
    deliveries: u64,
    took: Duration,
    cpu_paced: Duration,
    cpu: Duration,
) -> Outcome<FanOut> {
    times.sort_unstable();
    Ok(FanOut {
        p50: percentile(&times, 50),
        p99: percentile(&times, 99),
        rate: deliveries as f64 / took.as_secs_f64(),
        cpu_paced,
        cpu_saturated: cpu / u32::try_from(deliveries)?,
    })
}

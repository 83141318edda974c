//! Fan-out from a post to all subscribers, one post at a time and thirty-two in flight. Compared
//! with writing the same bytes to as many plain sockets.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Result;
use crate::client::Client;
use crate::fixture::{Fixture, sentence};
use crate::server::Server;
use crate::statistics::percentile;
use crate::subscribers::{READ_BUFFER, Received, Subscribers, frame};

/// The results for the server or for the ceiling.
pub struct FanOut {
    /// From a post until all have received it, one post at a time.
    pub p50: Duration,
    pub p99: Duration,
    /// Deliveries per second with many posts in flight.
    pub rate: f64,
    /// Processor time of the server per delivery, one post at a time.
    pub cpu_paced: Duration,
    /// Processor time of the server per delivery, many posts in flight.
    pub cpu_saturated: Duration,
}

/// Posts in flight when saturated.
const IN_FLIGHT: u32 = 32;

/// Measures the server with `subscribers`, each of which must receive every message in order.
pub async fn measure_server(program: &Path, subscribers: usize, paced: u32) -> Result<FanOut> {
    let fixture = Fixture::create(program, 50.min(subscribers)).await?;
    let server = Server::start(program, fixture.storage.path()).await?;
    let channel = r#"{"channel":"RoomMessagesChannel","room_id":1}"#;
    let connected =
        Subscribers::connect(server.address, &fixture.tokens, subscribers, &[channel]).await?;
    let mut client = Client::connect(server.address, &fixture.tokens[0]).await?;
    let body = |number| format!(r#"{{"text":"{}"}}"#, sentence(number));
    let (mut times, mut expected) = (Vec::new(), 0);
    let cpu = server.cpu()?;
    for number in 0..paced {
        expected += subscribers as u64;
        let start = Instant::now();
        client.post("/api/v1/rooms/1/messages", &body(number)).await?.created_id()?;
        connected.received.wait_for(expected).await?;
        times.push(start.elapsed());
    }
    let cpu_paced = (server.cpu()? - cpu) / u32::try_from(expected)?;
    let rounds = (paced / 8).max(2);
    let (start, cpu) = (Instant::now(), server.cpu()?);
    let mut posters = Vec::new();
    for poster in 0..IN_FLIGHT {
        let mut client = Client::connect(
            server.address,
            &fixture.tokens[poster as usize % fixture.tokens.len()],
        )
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
            Ok::<_, crate::Error>(())
        }));
    }
    for poster in posters {
        poster.await??;
    }
    let more = u64::from(IN_FLIGHT * rounds) * subscribers as u64;
    connected.received.wait_for(expected + more).await?;
    let (elapsed, cpu) = (start.elapsed(), server.cpu()? - cpu);
    connected.finish().await?;
    server.stop().await?;
    finish(times, more, elapsed, cpu_paced, cpu)
}

/// Measures the ceiling: the same bytes to plain sockets, on a command of one byte.
pub async fn measure_ceiling(subscribers: usize, paced: u32, size: usize) -> Result<FanOut> {
    let server = Server::start_ceiling(&["serve-sockets", "--size", &size.to_string()]).await?;
    let mut commander = TcpStream::connect(server.address).await?;
    commander.set_nodelay(true)?;
    let received: Arc<Received> = Arc::default();
    let mut sockets = tokio::task::JoinSet::new();
    for _ in 0..subscribers {
        let mut stream = TcpStream::connect(server.address).await?;
        stream.read_exact(&mut [0]).await?;
        let received = received.clone();
        sockets.spawn(async move {
            let mut buffer = Vec::with_capacity(READ_BUFFER);
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
        let start = Instant::now();
        commander.write_all(b"!").await?;
        received.wait_for(expected).await?;
        times.push(start.elapsed());
    }
    let cpu_paced = (server.cpu()? - cpu) / u32::try_from(expected)?;
    let rounds = (paced / 8).max(2);
    let (start, cpu) = (Instant::now(), server.cpu()?);
    for _ in 0..rounds {
        expected += u64::from(IN_FLIGHT) * subscribers as u64;
        commander.write_all(&[b'!'; IN_FLIGHT as usize]).await?;
        received.wait_for(expected).await?;
    }
    let more = u64::from(IN_FLIGHT * rounds) * subscribers as u64;
    let (elapsed, cpu) = (start.elapsed(), server.cpu()? - cpu);
    sockets.shutdown().await;
    server.kill().await?;
    finish(times, more, elapsed, cpu_paced, cpu)
}

fn finish(
    mut times: Vec<Duration>,
    deliveries: u64,
    elapsed: Duration,
    cpu_paced: Duration,
    cpu: Duration,
) -> Result<FanOut> {
    times.sort_unstable();
    Ok(FanOut {
        p50: percentile(&times, 50),
        p99: percentile(&times, 99),
        rate: deliveries as f64 / elapsed.as_secs_f64(),
        cpu_paced,
        cpu_saturated: cpu / u32::try_from(deliveries)?,
    })
}

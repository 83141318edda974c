//! How many pages of forty messages a second: warm, never read before, and in a room that is being
//! written to.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::client::Client;
use crate::world::sentence;

/// Readers at once.
const CONNECTIONS: usize = 16;

/// Requests per second for the paths that `path` gives (by reader and count), every answer checked
/// by `check`.
pub async fn rate(
    address: SocketAddr,
    tokens: &[String],
    seconds: u64,
    path: impl Fn(usize, u32) -> String + Send + Sync + 'static,
    check: impl Fn(u16, &[u8]) -> Outcome<()> + Send + Sync + 'static,
) -> Outcome<f64> {
    let (path, check) = (Arc::new(path), Arc::new(check));
    let begun = Instant::now();
    let until = begun + Duration::from_secs(seconds);
    let mut readers = Vec::new();
    for number in 0..CONNECTIONS.max(tokens.len()) {
        let mut client = Client::connect(address, &tokens[number % tokens.len()]).await?;
        let (path, check) = (path.clone(), check.clone());
        readers.push(tokio::spawn(async move {
            let mut count = 0;
            while Instant::now() < until {
                let answer = client.get(&path(number, count)).await?;
                check(answer.status, &answer.body)?;
                count += 1;
            }
            Outcome::Ok(u64::from(count))
        }));
    }
    let mut total = 0;
    for reader in readers {
        total += reader.await??;
    }
    Ok(total as f64 / begun.elapsed().as_secs_f64())
}

/// Addresses of pages each of which is asked for once in a round: nothing of it can be in memory.
pub fn never_read(messages: u32, round: usize) -> impl Fn(usize, u32) -> String {
    let stride = messages / 16;
    move |reader, count| {
        let id =
            (reader as u32 % 16) * stride + 100 + (count + round as u32 * 20_000) * 41 % stride;
        format!("/api/v1/rooms/1/messages?before={}", id.clamp(50, messages))
    }
}

/// A page is forty messages in order; told apart from an empty or broken one without reading it
/// whole.
pub fn is_page(status: u16, body: &[u8]) -> Outcome<()> {
    let shaped = status == 200
        && body.len() > 10_000
        && body.starts_with(b"[{\"id\":")
        && body.ends_with(b"}]");
    if shaped { Ok(()) } else { Err(format!("no page: {status}, {} bytes", body.len()).into()) }
}

/// A hundred people read the room while one writes to it; each page must be in order and hold what
/// was acknowledged before.
pub async fn while_written(
    address: SocketAddr,
    tokens: &[String],
    seconds: u64,
    per_second: u32,
) -> Outcome<(f64, u32)> {
    let newest = Arc::new(AtomicI64::new(0));
    let done = Arc::new(AtomicBool::new(false));
    let writer = {
        let (newest, done) = (newest.clone(), done.clone());
        let mut client = Client::connect(address, &tokens[0]).await?;
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(Duration::from_secs(1) / per_second);
            let mut written = 0;
            while !done.load(Ordering::SeqCst) {
                ticks.tick().await;
                let body = format!(r#"{{"text":"{}"}}"#, sentence(written));
                let message = client.post("/api/v1/rooms/1/messages", &body).await?.json(&[201])?;
                newest.store(message["id"].as_i64().ok_or("no id")?, Ordering::SeqCst);
                written += 1;
            }
            Outcome::Ok(written)
        })
    };
    let begun = Instant::now();
    let until = begun + Duration::from_secs(seconds);
    let mut readers = Vec::new();
    for token in tokens.iter().take(100) {
        let mut client = Client::connect(address, token).await?;
        let newest = newest.clone();
        readers.push(tokio::spawn(async move {
            let mut count = 0u64;
            while Instant::now() < until {
                let acknowledged = newest.load(Ordering::SeqCst);
                let answer = client.get("/api/v1/rooms/1/messages").await?;
                is_page(answer.status, &answer.body)?;
                let last = last_id(&answer.body)?;
                if last < acknowledged {
                    return Err(format!("a page ends with {last} although {acknowledged} was acknowledged before it was asked for").into());
                }
                count += 1;
            }
            Outcome::Ok(count)
        }));
    }
    let mut total = 0;
    for reader in readers {
        total += reader.await??;
    }
    let rate = total as f64 / begun.elapsed().as_secs_f64();
    done.store(true, Ordering::SeqCst);
    Ok((rate, writer.await??))
}

/// The number of the last message in a page.
fn last_id(page: &[u8]) -> Outcome<i64> {
    const MARK: &[u8] = b"{\"id\":";
    const NEXT: &[u8] = b",\"client_message_id\"";
    let next = page.windows(NEXT.len()).rposition(|window| window == NEXT).ok_or("no message")?;
    let start =
        page[..next].windows(MARK.len()).rposition(|window| window == MARK).ok_or("no message")?
            + MARK.len();
    Ok(std::str::from_utf8(&page[start..next])?.parse()?)
}

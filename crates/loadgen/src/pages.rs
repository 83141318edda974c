//! Pages of forty messages per second: cached, uncached, and in a room that is being written to.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};

use crate::Result;
use crate::client::Client;
use crate::fixture::sentence;

/// The least number of concurrent readers.
const CONNECTIONS: usize = 16;

/// Requests per second. `path` gives the path for a reader's index and count; `check` gets the
/// status and body of every response.
pub async fn rate(
    address: SocketAddr,
    tokens: &[String],
    seconds: u64,
    path: impl Fn(usize, u32) -> String + Send + Sync + 'static,
    check: impl Fn(u16, &[u8]) -> Result<()> + Send + Sync + 'static,
) -> Result<f64> {
    let (path, check) = (Arc::new(path), Arc::new(check));
    let start = Instant::now();
    let until = start + Duration::from_secs(seconds);
    let mut readers = Vec::new();
    for reader in 0..CONNECTIONS.max(tokens.len()) {
        let mut client = Client::connect(address, &tokens[reader % tokens.len()]).await?;
        let (path, check) = (path.clone(), check.clone());
        readers.push(tokio::spawn(async move {
            let mut count = 0;
            while Instant::now() < until {
                let response = client.get(&path(reader, count)).await?;
                check(response.status, &response.body)?;
                count += 1;
            }
            Ok::<_, crate::Error>(u64::from(count))
        }));
    }
    let mut total = 0;
    for reader in readers {
        total += reader.await??;
    }
    Ok(total as f64 / start.elapsed().as_secs_f64())
}

/// Paths of pages that are each requested once in a round, so that none of them is cached.
pub fn uncached(messages: u32, round: usize) -> impl Fn(usize, u32) -> String {
    let stride = messages / 16;
    move |reader, count| {
        let id =
            (reader as u32 % 16) * stride + 100 + (count + round as u32 * 20_000) * 41 % stride;
        format!("/api/v1/rooms/1/messages?before={}", id.clamp(50, messages))
    }
}

/// Checks cheaply, without parsing, that the response is a page and not empty or truncated.
pub fn is_page(status: u16, body: &[u8]) -> Result<()> {
    let is_page = status == 200
        && body.len() > 10_000
        && body.starts_with(b"[{\"id\":")
        && body.ends_with(b"}]");
    if is_page { Ok(()) } else { Err(format!("not a page: {status}, {} bytes", body.len()).into()) }
}

/// Pages per second while a hundred people read the room and one writes to it, and the number of
/// messages written. Each page must end with the newest message that was acknowledged before its
/// request.
pub async fn while_written(
    address: SocketAddr,
    tokens: &[String],
    seconds: u64,
    per_second: u32,
) -> Result<(f64, u32)> {
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
                newest.store(
                    message["id"].as_i64().ok_or("the message has no ID")?,
                    Ordering::SeqCst,
                );
                written += 1;
            }
            Ok::<_, crate::Error>(written)
        })
    };
    let start = Instant::now();
    let until = start + Duration::from_secs(seconds);
    let mut readers = Vec::new();
    for token in tokens.iter().take(100) {
        let mut client = Client::connect(address, token).await?;
        let newest = newest.clone();
        readers.push(tokio::spawn(async move {
            let mut count = 0u64;
            while Instant::now() < until {
                let acknowledged = newest.load(Ordering::SeqCst);
                let response = client.get("/api/v1/rooms/1/messages").await?;
                is_page(response.status, &response.body)?;
                let last = last_id(&response.body)?;
                if last < acknowledged {
                    return Err(format!("a page ends with {last} although {acknowledged} was acknowledged before the request").into());
                }
                count += 1;
            }
            Ok::<_, crate::Error>(count)
        }));
    }
    let mut total = 0;
    for reader in readers {
        total += reader.await??;
    }
    let rate = total as f64 / start.elapsed().as_secs_f64();
    done.store(true, Ordering::SeqCst);
    Ok((rate, writer.await??))
}

/// The ID of the last message of a page, read without parsing the whole page.
fn last_id(page: &[u8]) -> Result<i64> {
    const MARK: &[u8] = b"{\"id\":";
    const NEXT: &[u8] = b",\"client_message_id\"";
    let next = page.windows(NEXT.len()).rposition(|window| window == NEXT).ok_or("no message")?;
    let start =
        page[..next].windows(MARK.len()).rposition(|window| window == MARK).ok_or("no message")?
            + MARK.len();
    Ok(std::str::from_utf8(&page[start..next])?.parse()?)
}
